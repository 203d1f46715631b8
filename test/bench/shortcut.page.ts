/** What can be told of a video file without looking at anything in it: its colours, and how many bytes it takes. */
import { BlobSource, CanvasSink, EncodedPacketSink, Input, MP4, WEBM } from 'mediabunny';

const [WIDTH, HEIGHT] = [160, 120];
/** Levels of red, green and blue each. */
const LEVELS = 4;

export interface Traits {
  /** `[n, 64]`: how much of a picture has a colour; two pictures a second. */
  histograms: number[][];
  /** Bytes of each second of video. */
  bytes: number[];
}

async function traitsOf(film: Blob): Promise<Traits> {
  const input = new Input({ source: new BlobSource(film), formats: [MP4, WEBM] });
  const track = (await input.getPrimaryVideoTrack())!;
  const length = await track.computeDuration();
  const sink = new CanvasSink(track, { width: WIDTH, height: HEIGHT, fit: 'fill', poolSize: 1 });
  const times = Array.from({ length: Math.floor(2 * length) }, (_, i) => i / 2);
  const histograms: number[][] = [];
  for await (const wrapped of sink.canvasesAtTimestamps(times)) {
    const context = wrapped!.canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    histograms.push(histogramOf(context.getImageData(0, 0, WIDTH, HEIGHT).data));
  }
  const bytes: number[] = Array.from({ length: Math.floor(length) }, () => 0);
  for await (const packet of new EncodedPacketSink(track).packets()) {
    const second = Math.floor(packet.timestamp);
    if (second < bytes.length) bytes[second] += packet.byteLength;
  }
  input.dispose();
  return { histograms, bytes };
}

function histogramOf(data: Uint8ClampedArray): number[] {
  const counts = Array.from({ length: LEVELS ** 3 }, () => 0);
  const level = (value: number) => Math.floor((value * LEVELS) / 256);
  for (let i = 0; i < data.length; i += 4)
    counts[(level(data[i]) * LEVELS + level(data[i + 1])) * LEVELS + level(data[i + 2])]++;
  return counts.map((count) => count / (data.length / 4));
}

Object.assign(globalThis, { traitsOf });
