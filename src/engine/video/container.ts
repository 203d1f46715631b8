/**
 * A file to a video track that can be decoded here, or to a refusal that says why not (mediabunny reads the
 * containers). Nothing that a file claims (size, duration, counts) is believed further than to be shown.
 */
import { BlobSource, Input, MATROSKA, MP4, MPEG_TS, QTFF, WEBM, type InputVideoTrack } from 'mediabunny';
import { Failure, isAbort, type FailureCode } from '../failure.ts';
import type { VideoFacts } from '../types.ts';

/** A video that is open for reading; close it. */
export interface OpenVideo {
  name: string;
  facts: VideoFacts;
  track: InputVideoTrack;
  decoderConfig: VideoDecoderConfig;
  /** Frames as stored, in square pixels, before rotation: what the aspect of a decoded picture is. */
  squareWidth: number;
  squareHeight: number;
  /** Mirrored left to right, after rotation. */
  flip: boolean;
  /** Whether frames before time 0 are there to be decoded but not shown (edit lists of MP4 and MOV). */
  hidesNegativeTime: boolean;
  close(): void;
}

/**
 * Opens a file.
 * @param name what its owner calls it
 * @throws Failure naming the file and the reason
 */
export async function openVideo(file: Blob, name: string): Promise<OpenVideo> {
  if (file.size === 0) {
    throw new Failure({
      code: 'empty-file',
      subject: name,
      what: 'The file is empty.',
      next: 'Copy it again.',
    });
  }
  const input = new Input({ source: new BlobSource(file), formats: [MP4, QTFF, WEBM, MATROSKA, MPEG_TS] });
  try {
    const readable = await input.canRead().catch(() => false);
    if (!readable) throw await refuseFormat(file, name);
    const track = await largestVideoTrack(input, name);
    return await describeTrack(input, track, name);
  } catch (error) {
    input.dispose();
    throw parserFailure(error, name);
  }
}

/** The biggest picture: some files carry a thumbnail or an auxiliary track first. */
async function largestVideoTrack(input: Input, name: string): Promise<InputVideoTrack> {
  const tracks = await input.getVideoTracks();
  const sized = await Promise.all(
    tracks.map(async (track) => ({
      track,
      area: (await track.getCodedWidth()) * (await track.getCodedHeight()),
    })),
  );
  sized.sort((a, b) => b.area - a.area);
  if (sized.length > 0) return sized[0].track;
  const audio = await input.getAudioTracks();
  if (audio.length > 0) {
    throw new Failure({ code: 'no-video-track', subject: name, what: 'The file holds sound and no video.' });
  }
  throw new Failure({
    code: 'index-missing',
    subject: name,
    what: 'The index of the file is missing or unreadable: it was probably cut short, by a recorder that lost power or by a broken copy.',
    next: 'Copy it again, or let a repair tool such as untrunc rebuild the index.',
  });
}

async function describeTrack(input: Input, track: InputVideoTrack, name: string): Promise<OpenVideo> {
  const format = await input.getFormat();
  const decoderConfig = await track.getDecoderConfig();
  const codec = (await track.getCodec()) ?? String((await track.getInternalCodecId()) ?? 'unknown');
  if (!decoderConfig || !(await isDecodable(decoderConfig))) {
    throw new Failure({
      code: 'codec-unsupported',
      subject: name,
      what: `This browser cannot decode its codec (${decoderConfig?.codec ?? codec}).`,
      next: `Try another browser, or convert it: ffmpeg -i "${name}" -c:v libx264 -pix_fmt yuv420p converted.mp4`,
    });
  }
  const stats = await track.computePacketStats(60).catch(() => null);
  return {
    name,
    facts: {
      container: format.name,
      codec: decoderConfig.codec,
      width: await track.getDisplayWidth(),
      height: await track.getDisplayHeight(),
      rotationDegrees: await track.getRotation(),
      durationSeconds: await track.getDurationFromMetadata({ skipLiveWait: true }).catch(() => null),
      framesPerSecond: stats && Number.isFinite(stats.averagePacketRate) ? stats.averagePacketRate : null,
      highDynamicRange: await track.hasHighDynamicRange(),
    },
    track,
    decoderConfig,
    squareWidth: await track.getSquarePixelWidth(),
    squareHeight: await track.getSquarePixelHeight(),
    flip: await track.getFlip(),
    hidesNegativeTime: format === MP4 || format === QTFF,
    close: () => input.dispose(),
  };
}

async function isDecodable(config: VideoDecoderConfig): Promise<boolean> {
  try {
    return (await VideoDecoder.isConfigSupported(config)).supported === true;
  } catch {
    return false;
  }
}

/** What the parser of a container throws at a damaged file has no type; here it gets one. */
export function parserFailure(error: unknown, name: string): Failure {
  if (error instanceof Failure) return error.about(name);
  if (isAbort(error)) return Failure.from(error).about(name);
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (
    error instanceof DOMException &&
    (error.name === 'NotReadableError' || error.name === 'NotFoundError')
  ) {
    return new Failure({
      code: 'file-unreadable',
      subject: name,
      what: 'The file was moved, changed or removed while it was read.',
      next: 'Choose it again.',
      detail,
    });
  }
  if (/encrypt/i.test(detail)) {
    return new Failure({
      code: 'encrypted',
      subject: name,
      what: 'The video is encrypted and cannot be analysed.',
      next: 'Export an unencrypted copy from the system that recorded it.',
      detail,
    });
  }
  return new Failure({
    code: 'damaged',
    subject: name,
    what: 'The structure of the file is damaged.',
    next: 'Copy it again, or try: ffmpeg -i FILE -c copy repaired.mp4',
    detail,
  });
}

/** Files that are no video, by their first bytes: what to tell the one who dropped them. */
const LOOKS: [test: (text: string, bytes: Uint8Array) => boolean, code: FailureCode, what: string][] = [
  [(text) => text.startsWith('\x89PNG'), 'not-a-video', 'This is a PNG picture, not a video.'],
  [(text) => text.startsWith('\xff\xd8\xff'), 'not-a-video', 'This is a JPEG picture, not a video.'],
  [(text) => text.startsWith('GIF8'), 'not-a-video', 'This is a GIF picture, not a video file.'],
  [
    (text) => /^\s*<(!doctype|html|\?xml)/i.test(text),
    'not-a-video',
    'This is a web page: the download failed.',
  ],
  [(text) => text.startsWith('PK\x03\x04'), 'not-a-video', 'This is a zip archive; unpack it first.'],
  [
    (text) => text.startsWith('RIFF') && text.slice(8, 11) === 'AVI',
    'container-unsupported',
    'AVI files are not read here.',
  ],
  [(text) => text.startsWith('FLV'), 'container-unsupported', 'FLV files are not read here.'],
  [(text) => text.startsWith('OggS'), 'container-unsupported', 'Ogg files are not read here.'],
  [
    (text) => text.startsWith('\x00\x00\x01\xba'),
    'container-unsupported',
    'MPEG program streams are not read here.',
  ],
  [(_, bytes) => bytes.every((byte) => byte === 0), 'not-a-video', 'The file holds nothing but zeros.'],
  [(_, bytes) => bytes.every(isTextByte), 'not-a-video', 'This is a text file, not a video.'],
];

const isTextByte = (byte: number) => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127);

async function refuseFormat(file: Blob, name: string): Promise<Failure> {
  const bytes = new Uint8Array(await file.slice(0, 512).arrayBuffer());
  const text = new TextDecoder('latin1').decode(bytes);
  const look = LOOKS.find(([test]) => test(text, bytes));
  const readable = 'MP4, MOV, MKV, WebM and MPEG-TS files are read.';
  if (!look) {
    return new Failure({
      code: 'not-a-video',
      subject: name,
      what: 'This is not a video file that can be recognised: it may be damaged at its start.',
      next: readable,
    });
  }
  const [, code, what] = look;
  const convert = `Convert it: ffmpeg -i "${name}" -c:v libx264 -pix_fmt yuv420p converted.mp4`;
  return new Failure({
    code,
    subject: name,
    what,
    next: code === 'container-unsupported' ? convert : readable,
  });
}
