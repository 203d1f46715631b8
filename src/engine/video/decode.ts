/**
 * Packets to frames, in presentation order, with exact timestamps.
 *
 * `VideoDecoder` gives up at the first damaged packet and takes the frames inside it along. Here a new decoder goes on
 * at the next key packet, and what was lost in between is reported frame by frame, so that frame numbers stay those of
 * the file. Only frames that somebody wants are kept open, never more than a few, and each is closed.
 */
import { EncodedPacketSink, type EncodedPacket } from 'mediabunny';
import { Failure } from '../failure.ts';
import type { Job } from '../job.ts';
import { parserFailure, type OpenVideo } from './container.ts';

/** Frames and packets under way at most. */
const MAX_OPEN = 4;
/** Longest silence of decoder and file together, in milliseconds. A slow file makes progress, a dead one does not. */
const MAX_SILENCE = 20_000;

/** One frame of the file, in presentation order. */
export interface DecodedFrame {
  /** From 0, lost frames counted. */
  index: number;
  seconds: number;
  /** The picture, where the chooser wants it. Closed when the next frame is asked for. */
  picture: VideoFrame | null;
  /** True when it could not be decoded. */
  lost: boolean;
}

/** Who decides which pictures are kept open. Asked in presentation order, as soon as a frame is there. */
export interface FrameChooser {
  /** False closes the picture at once. */
  wants(seconds: number): boolean;
  /** A frame that should be here was lost. */
  missed(seconds: number): void;
}

/** Packets that entered the decoder and have not come out as frames, by timestamp in microseconds. */
type InFlight = Map<number, EncodedPacket>;

/**
 * @throws Failure `stalled`, `encrypted` or `damaged` when nothing more can be read (frames yielded before stand), and
 *   `damaged` or `no-frames` at the end of a video of which not a single frame could be decoded
 * @param fromSeconds where to begin: frames come from the last key packet at or before it, and are counted from there
 */
export async function* decodeFrames(
  video: OpenVideo,
  job: Job,
  chooser: FrameChooser,
  fromSeconds = -Infinity,
): AsyncGenerator<DecodedFrame, void, void> {
  const decoder = new ResilientDecoder(video, chooser);
  const packets = new PacketReader(video);
  try {
    if (fromSeconds > -Infinity) await packets.seek(fromSeconds);
    while (true) {
      await job.turn();
      job.signal.throwIfAborted();
      const frame = decoder.take();
      if (frame) {
        try {
          yield frame;
        } finally {
          frame.picture?.close();
        }
      } else if (decoder.failed) {
        await recover(decoder, packets);
      } else if (decoder.hasRoom) {
        const packet = await packets.next();
        if (packet) decoder.feed(packet);
        else decoder.finish();
      } else if (decoder.finished) {
        break;
      } else {
        await decoder.activity(job.signal);
      }
    }
    if (packets.error) throw parserFailure(packets.error, video.name);
    if (decoder.decoded === 0) throw noFrames(video.name, decoder.count);
  } finally {
    decoder.close();
    await packets.close();
  }
}

/** After a decoding error: lose what cannot be saved, and go on at the next key packet. */
async function recover(decoder: ResilientDecoder, packets: PacketReader): Promise<void> {
  const { stuck, wasReclaimed, lastKey } = decoder.reset();
  if (wasReclaimed && lastKey) {
    // The browser took an idle decoder away; nothing is wrong with the file. Decode again from the last key packet.
    await packets.rewind(lastKey);
    decoder.skipDelivered();
    return;
  }
  // The first packet in flight is taken to be the damaged one, so that every recovery makes progress.
  const restart = stuck.findIndex((packet, i) => i > 0 && packet.type === 'key');
  const lost = restart < 0 ? stuck : stuck.slice(0, restart);
  if (restart >= 0) packets.unread(stuck.slice(restart));
  else for (const packet of await packets.skipToKey()) lost.push(packet);
  decoder.lose(lost);
}

/** Reads packets in decode order; a broken container ends it early and leaves `error`. */
class PacketReader {
  readonly #sink: EncodedPacketSink;
  #iterator: AsyncGenerator<EncodedPacket, void, unknown>;
  #unread: EncodedPacket[] = [];
  #ended = false;
  error: unknown = null;

  constructor(video: OpenVideo) {
    this.#sink = new EncodedPacketSink(video.track);
    this.#iterator = this.#sink.packets(undefined, undefined, { verifyKeyPackets: true });
  }

  async next(): Promise<EncodedPacket | null> {
    const waiting = this.#unread.shift();
    if (waiting || this.#ended) return waiting ?? null;
    try {
      const { value, done } = await this.#iterator.next();
      if (!done) return value as EncodedPacket;
    } catch (error) {
      this.error = error;
    }
    this.#ended = true;
    return null;
  }

  /** Puts packets back, to be read again first. */
  unread(packets: EncodedPacket[]): void {
    this.#unread.unshift(...packets);
  }

  /** Reads up to the next key packet, which stays unread; returns what was skipped. */
  async skipToKey(): Promise<EncodedPacket[]> {
    const skipped: EncodedPacket[] = [];
    for (let packet = await this.next(); packet; packet = await this.next()) {
      if (packet.type === 'key') {
        this.unread([packet]);
        break;
      }
      skipped.push(packet);
    }
    return skipped;
  }

  /** Reads from the last key packet at or before a time on; from the beginning where there is none. */
  async seek(seconds: number): Promise<void> {
    const key = await this.#sink.getKeyPacket(seconds, { verifyKeyPackets: true }).catch(() => null);
    if (key) await this.rewind(key);
  }

  /** Reads again from `packet` on. */
  async rewind(packet: EncodedPacket): Promise<void> {
    await this.close();
    this.#unread = [];
    this.#ended = false;
    this.#iterator = this.#sink.packets(packet, undefined, { verifyKeyPackets: true });
  }

  async close(): Promise<void> {
    await this.#iterator.return().catch(() => {});
  }
}

/** A `VideoDecoder` and the bookkeeping that lets it be replaced. */
class ResilientDecoder {
  readonly #video: OpenVideo;
  readonly #chooser: FrameChooser;
  /** Some packets of VP8 are never shown; all others give a frame each. */
  readonly #everyPacketShows: boolean;
  readonly #ready: DecodedFrame[] = [];
  #decoder: VideoDecoder | null = null;
  #inFlight: InFlight = new Map();
  #lastKey: EncodedPacket | null = null;
  #error: DOMException | null = null;
  #flushing = false;
  #flushed = false;
  /** Frames given out so far, lost ones included. */
  count = 0;
  /** Frames that could be decoded. */
  decoded = 0;
  #lastSeconds = -Infinity;
  #skipping = false;
  #wake = () => {};

  constructor(video: OpenVideo, chooser: FrameChooser) {
    this.#video = video;
    this.#chooser = chooser;
    this.#everyPacketShows = !video.decoderConfig.codec.startsWith('vp8');
  }

  get failed(): boolean {
    return this.#error !== null;
  }

  get hasRoom(): boolean {
    const open = this.#ready.filter(({ picture }) => picture).length;
    return !this.#flushing && open + (this.#decoder?.decodeQueueSize ?? 0) < MAX_OPEN - 1; // one is being used
  }

  get finished(): boolean {
    return this.#flushed && this.#ready.length === 0;
  }

  take(): DecodedFrame | undefined {
    return this.#ready.shift();
  }

  feed(packet: EncodedPacket): void {
    this.#inFlight.set(packet.microsecondTimestamp, packet);
    if (packet.type === 'key') this.#lastKey = packet;
    try {
      this.#decoder ??= this.#open();
      this.#decoder.decode(packet.toEncodedVideoChunk());
    } catch (error) {
      this.#fail(error);
    }
  }

  /** All packets were fed: let the last frames out. */
  finish(): void {
    this.#flushing = true;
    const done = () => {
      // What went in and did not come out, without an error, was dropped by the decoder in silence.
      if (this.#everyPacketShows) this.lose([...this.#inFlight.values()]);
      this.#inFlight.clear();
      this.#flushed = true;
      this.#wake();
    };
    if (!this.#decoder) done();
    else this.#decoder.flush().then(done, (error) => this.#fail(error));
  }

  /** Forgets a failed decoder; returns the packets that were in it, in decode order. */
  reset(): { stuck: EncodedPacket[]; wasReclaimed: boolean; lastKey: EncodedPacket | null } {
    this.close();
    const stuck = [...this.#inFlight.values()].sort((a, b) => a.sequenceNumber - b.sequenceNumber);
    // What a browser says when it closes a decoder that was idle, as it may in a hidden tab.
    const wasReclaimed = this.#error?.name === 'QuotaExceededError';
    this.#inFlight = new Map();
    this.#error = null;
    this.#flushing = false;
    return { stuck, wasReclaimed, lastKey: this.#lastKey };
  }

  /** Reports packets as lost frames, in presentation order. */
  lose(packets: EncodedPacket[]): void {
    for (const { timestamp } of [...packets].sort((a, b) => a.timestamp - b.timestamp)) {
      if (timestamp > this.#lastSeconds) this.#push(timestamp, null, true);
    }
  }

  /** Frames that were delivered before are decoded once more and dropped. */
  skipDelivered(): void {
    this.#skipping = true;
  }

  /** Resolves when the decoder did something. */
  async activity(signal: AbortSignal): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = () => this.#wake();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        this.#wake = resolve;
        if (this.#error || this.#ready.length > 0 || this.#flushed || signal.aborted) resolve();
        timer = setTimeout(() => reject(stalled(this.#video.name, this.count)), MAX_SILENCE);
      });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      this.#wake = () => {};
    }
  }

  close(): void {
    if (this.#decoder && this.#decoder.state !== 'closed') this.#decoder.close();
    this.#decoder = null;
    for (const { picture } of this.#ready) picture?.close();
    this.#ready.length = 0;
  }

  #open(): VideoDecoder {
    const decoder = new VideoDecoder({
      output: (picture) => this.#receive(picture),
      error: (error) => this.#fail(error),
    });
    decoder.configure(this.#video.decoderConfig);
    decoder.addEventListener('dequeue', () => this.#wake());
    return decoder;
  }

  #receive(picture: VideoFrame): void {
    const packet = this.#inFlight.get(picture.timestamp);
    this.#inFlight.delete(picture.timestamp);
    // The container's time is exact, the decoder's is rounded to microseconds.
    const seconds = packet?.timestamp ?? picture.timestamp / 1e6;
    if (this.#skipping && seconds <= this.#lastSeconds) {
      picture.close();
      return;
    }
    this.#skipping = false;
    if (this.#video.hidesNegativeTime && seconds + (packet?.duration ?? 0) <= 0) picture.close();
    else this.#push(seconds, picture, false);
    this.#wake();
  }

  #push(claimedSeconds: number, picture: VideoFrame | null, lost: boolean): void {
    // A file may claim times that run backwards; a frame is never before the one shown before it.
    const seconds = Math.max(claimedSeconds, this.#lastSeconds);
    this.#lastSeconds = seconds;
    if (lost) this.#chooser.missed(seconds);
    else this.decoded++;
    const wanted = picture !== null && this.#chooser.wants(seconds);
    if (!wanted) picture?.close();
    this.#ready.push({ index: this.count++, seconds, picture: wanted ? picture : null, lost });
  }

  #fail(error: unknown): void {
    this.#error ??= error instanceof DOMException ? error : new DOMException(String(error), 'EncodingError');
    this.#wake();
  }
}

function stalled(name: string, frames: number): Failure {
  return new Failure({
    code: 'stalled',
    subject: name,
    what: `Decoding made no progress for ${MAX_SILENCE / 1000} seconds, after ${frames} frames.`,
    next: 'Try again, or convert the file with ffmpeg.',
  });
}

function noFrames(name: string, lost: number): Failure {
  return lost > 0
    ? new Failure({
        code: 'damaged',
        subject: name,
        what: `None of its ${lost} frames could be decoded: the picture data is damaged.`,
        next: 'Copy it again, or try: ffmpeg -i FILE -c:v libx264 repaired.mp4',
      })
    : new Failure({
        code: 'no-frames',
        subject: name,
        what: 'No frame could be decoded from it.',
        next: 'Convert it with ffmpeg, or leave it out.',
      });
}
