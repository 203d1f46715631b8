/**
 * The vocabulary: the things that walk through the house, named as the field names them.
 *
 *     video -> decode -> snippets -> backbone -> features -> store -> bags -> head -> scores -> evaluation -> views
 *
 * frame     one picture of the file, counted from 0 in presentation order
 * snippet   16 consecutive frames of the file; the last one may be shorter
 * segment   one of the T equal parts that a video is resampled to
 * bag       all segments of one video, with its weak label
 * score     0..1 per snippet; higher is more anomalous
 */

/** Frames in a snippet. N = ceil(frames / 16). */
export const SNIPPET_FRAMES = 16;
/** No video has more frames: 38 days at 30 a second. A number beyond is a mistake, and would cost all memory. */
export const MOST_FRAMES = 1e8;

/** Where a live source shows nothing for longer, what comes next does not follow on what was. */
export const LONGEST_PAUSE_SECONDS = 2;

/** The one bit of supervision a video comes with. */
export type WeakLabel = 'normal' | 'anomalous';

/** Which side of the split a video stands on. */
export type Part = 'train' | 'test';

/** The tensor backends, fastest first on a machine with a real GPU. */
export type BackendName = 'webgpu' | 'wasm' | 'webgl' | 'cpu';

/** A dense array of numbers, row-major. */
export interface NumericArray {
  shape: readonly number[];
  values: Float32Array;
}

/** What the container says of a video, before a frame is decoded. Sizes are as shown: rotated, square pixels. */
export interface VideoFacts {
  container: string;
  codec: string;
  width: number;
  height: number;
  /** Clockwise turn that the container asks for and that is applied before anything else. */
  rotationDegrees: 0 | 90 | 180 | 270;
  /** As claimed; null when the container does not say. Never used to allocate. */
  durationSeconds: number | null;
  /** Estimated from the first packets; null when it cannot be told. */
  framesPerSecond: number | null;
  /** High dynamic range video is converted to 8 bits by the browser, each in its own way. */
  highDynamicRange: boolean;
}

/** A stretch of a damaged video from which no frame could be decoded. */
export interface Gap {
  /** First lost frame, counted with the lost ones. */
  firstFrame: number;
  /** Last lost frame (inclusive). */
  lastFrame: number;
  startSeconds: number;
  endSeconds: number;
}

/** Sixteen frames of a video and where they are. */
export interface Snippet {
  firstFrame: number;
  /** Inclusive. */
  lastFrame: number;
  startSeconds: number;
  endSeconds: number;
  /** True when every frame lies in a gap: there is no feature of its own here. */
  missing: boolean;
}

/** The features of one video, with all that is needed to use, check and reproduce them. */
export interface VideoFeatures {
  /** `[N, D]`, one row per snippet, or `[N, P, D]` with P crops; a missing snippet repeats the nearest earlier row. */
  features: NumericArray;
  snippets: Snippet[];
  /** Frames that a row stands for, where rows are segments and not snippets of 16 frames. */
  rowFrames?: number;
  gaps: Gap[];
  /** Presentation time of every frame in seconds, lost ones included. */
  frameSeconds: Float64Array;
  /** `[N, h, w, D]`, mean map per snippet, where asked for. */
  maps?: NumericArray;
  /** Objects followed through the video, `[n, D]` each: by the pixels of their region, and of whole frames. */
  tubes?: Tubes;
  variants?: Variants;
  /** What is wrong with the file, in words for its owner: cut short, damaged in places. */
  warnings: string[];
  provenance: Provenance;
}

/** A video's features as they would be had it been shown otherwise. Shapes are those of features and maps. */
export interface Variants {
  /** Mirrored: training may take either. */
  flip?: NumericArray;
  flipMaps?: NumericArray;
  /** With noise that is no anomaly. */
  noise?: NumericArray;
}

/** The tubes of one video. Their rows belong together. */
export interface Tubes {
  region: NumericArray;
  global: NumericArray;
  /** `[n,1]`, 1 for tubes of several objects; where it is not there, all are of one. */
  multivariate?: NumericArray;
  /** `[k,6]`: tube, frame (both from 0), left, top, right, bottom of each box, where they are told. */
  boxes?: NumericArray;
  /** `[2]`: width and height of the picture that the boxes are in; where it is not there, that of the video. */
  picture?: NumericArray;
}

/** Where features come from. Two videos' features may meet in one run only if backbone, rate and crops agree. */
export interface Provenance {
  /** SHA-256 of the video file. */
  videoHash: string;
  backbone: string;
  /** SHA-256 of the backbone's weights. */
  backboneHash: string;
  /** Frames per second shown to the backbone. */
  framesPerSecond: number;
  /** Pictures taken from each frame. */
  crops: number;
  backend: BackendName;
  /**
   * How pixels were read: `copyTo` (VideoFrame.copyTo as RGBA), `canvas` where the browser lacks that, or `gpu` (on the
   * graphics device, which never gave them away).
   */
  pixels: 'copyTo' | 'canvas' | 'gpu';
  sampledFrames: number;
  seconds: { decode: number; pixels: number; backbone: number; total: number };
}

/** Frames of a video, as the field writes them: counted from 1, both ends inclusive. */
export interface FrameInterval {
  startFrame: number;
  endFrame: number;
}

/** An annotated anomaly. */
export interface TruthInterval extends FrameInterval {
  class: string;
}

/** What is known of a video's frames. Lives apart from everything that training sees (design law 3). */
export interface VideoTruth {
  /** Null where the annotation does not say. */
  totalFrames: number | null;
  intervals: TruthInterval[];
  /** True where it is what someone marked here, who then cannot be judged by it. */
  isOwn?: boolean;
}

/** Left, top, right, bottom, in pixels from the top left corner; the area is (right - left) (bottom - top). */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

/** Width and height, in pixels. */
export type PictureSize = readonly [width: number, height: number];

/**
 * Where in the picture an anomaly is, in the frames that someone annotated. This is truth as well, and a record of its
 * own: who says where need not say from when to when, and other intervals leave the boxes as they are. Apart from
 * everything that training sees (design law 3).
 */
export interface TruthBoxes {
  /** By frame, counted from 0; of a frame with several boxes, their union. */
  byFrame: Readonly<Record<number, Box>>;
  /** The picture that they are in; null where the annotation does not say. */
  picture: PictureSize | null;
}
