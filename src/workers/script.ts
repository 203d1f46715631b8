/**
 * The page as a script: what `globalThis.weaklens` offers. It does what the buttons do, and serves the tests, the `lab`
 * command and curious people alike. Types only; the page implements it.
 */
import type { Evaluation } from '../engine/evaluation/evaluate.ts';
import type { ScoresFile } from '../engine/formats/scores.ts';
import type { Protocol as TrialProtocol, RunPlan } from '../engine/experiments/experiment.ts';
import type { RunResult } from '../engine/experiments/result.ts';
import type { Protocol } from '../engine/evaluation/protocol.ts';
import type { Progress } from '../engine/job.ts';
import type { ImportReport } from '../engine/datasets/report.ts';
import type { Part, TruthBoxes, VideoTruth, WeakLabel } from '../engine/types.ts';
import type { DemoSize } from '../engine/scenes/demo.ts';
import type { PackOptions } from './project-files.ts';
import type { Client, Inspection, RunFormat, RunRecord, ScoreRecord, Selection, Tick } from './client.ts';

export interface Reporting {
  onProgress?: (progress: Progress) => void;
}

export interface Taking extends Reporting {
  /**
   * How axes are to be read where several readings fit, as `snippets,crops,features`, `features,snippets` or `32*2048`;
   * the likeliest where nothing is said.
   */
  axes?: string;
  /** T: longer videos are pooled to so many rows; null keeps all of them. */
  segments?: number | null;
  /** How numbers are kept; `auto` takes half precision where files have it or there is much to keep. */
  precision?: 'auto' | 'float32' | 'float16';
}

/** A file that was refused or could not be read, by name and reason. */
export interface Refusal {
  name: string;
  reason: string;
}

export interface Added {
  added: string[];
  refused: Refusal[];
}

export interface Extracted {
  extracted: number;
  failed: Refusal[];
}

export interface TrainRequest {
  head?: string;
  preset?: string;
  /** Fields that differ from the preset's. */
  config?: Record<string, unknown>;
  seed?: number;
  steps?: number;
  /** Which step counts: the last, the best on held-out training videos, or (with a warning) on the test part. */
  select?: Selection;
  /** Share of the training videos held out for `val`. */
  validate?: number;
  /** With `val` or `test`: looks without a better figure after which training ends; 0 for never. */
  patience?: number;
  onTick?: (tick: Tick) => void;
}

/** A planned run of an experiment. */
export interface TrialRequest {
  plan: RunPlan;
  protocol: TrialProtocol;
  /** Frames per score by video, for the expansion rule `widths`. */
  widths?: ReadonlyMap<string, number>;
  onTick?: (tick: Tick) => void;
}

export interface VideoView {
  name: string;
  label: WeakLabel | null;
  part: Part;
  /** SHA-256 of the file. */
  hash: string;
  /** Null until features were extracted. */
  frames: number | null;
  fps: number | null;
  snippets: number | null;
}

export interface NamedScores extends Pick<
  ScoreRecord,
  'scores' | 'snippetsPerScore' | 'step' | 'featureKey' | 'classes' | 'unlike'
> {
  name: string;
}

export interface Script {
  /** For what has no button: benchmarks, measurements. */
  client: Client;
  /** Anything that may be dropped: videos, features with their notes, lists of labels, truth files, boxes, backbones. */
  addVideos(files: File[], options?: Taking): Promise<Added>;
  /** A backbone of one's own: MoViNet-A0-Stream (safetensors, TFLite) or I3D (safetensors, PyTorch). */
  addBackbone(file: File): Promise<Added>;
  /**
   * Features of any format that is read (.npy, .npz, .zip, .safetensors, HDF5, MATLAB, PyTorch, text), `[snippets, D]` or
   * `[snippets, crops, D]` in whatever order, each with the `.json` of the same name where there is one. What comes beside them, lists of labels,
   * annotations and masks, makes a dataset of them, and a folder is recognised as the dataset that it is.
   */
  addFeatures(files: File[], options?: Taking): Promise<Added>;
  /**
   * What a file is, without taking it in; rejects where it is refused.
   * @param besides files that it may speak of
   */
  inspect(file: File, besides?: File[], options?: Reporting): Promise<Inspection>;
  /** What the latest dataset came to, video by video. */
  importReport(): ImportReport | null;
  /** @param classes of anomaly that the label names */
  label(name: string, label: WeakLabel | null, classes?: readonly string[]): Promise<void>;
  split(name: string, part: Part): Promise<void>;
  extract(options?: Reporting): Promise<Extracted>;
  /** Trains a new run with what is given, or goes on with the run on screen when nothing is. */
  train(request?: TrainRequest): Promise<RunRecord>;
  /** What the runs of an experiment would learn from and be judged by, and the backbone that its features come from. */
  trialData(
    experiment: string,
    widths?: ReadonlyMap<string, number>,
  ): Promise<Pick<RunResult, 'weaklens' | 'data'> & { backbone: string | null }>;
  /** One run of an experiment, from its first step to its figures; nothing of it is kept. */
  trial(request: TrialRequest): Promise<RunResult>;
  /** One step of the run on screen, or one phase of it only where a step has several. */
  step(only?: string): Promise<RunRecord>;
  /** From the step that the run on screen stands at, another goes on with these fields changed; both train then. */
  fork(config: Record<string, unknown>): Promise<RunRecord>;
  /** Ends training where it stands; `train` without a request goes on. */
  pause(): Promise<void>;
  /** Scores every video that has features, by the run on screen or another. */
  score(runId?: string): Promise<NamedScores[]>;
  /** The run as a safetensors file with state-dict names, as a zip with its scores and figures too, or as ONNX. */
  exportRun(runId: string, format?: RunFormat): Promise<Uint8Array>;
  /** What a run made of the videos, as `SCORES.json` says it. */
  scoresOf(runId: string): Promise<ScoresFile>;
  /**
   * Figures over the test part; null when it is empty.
   * @param protocol what is not as every figure of the page has it, as data or in words (`rtfm,subset=anomalous`);
   *   a threshold is chosen for the run. Rejects where it asks for the scores of a step that the run has not kept.
   */
  evaluate(
    runId?: string,
    protocol?: string | (Partial<Protocol> & { threshold?: number }),
  ): Promise<Evaluation | null>;
  /** The open project as a `.weaklens` file; without options, everything but the videos. */
  saveProject(options?: Partial<PackOptions>): Promise<Uint8Array>;
  renameProject(name: string): Promise<void>;
  deleteRun(runId: string): Promise<void>;
  /** A run from a file, to score with: one that was saved here, or a head's weights under their authors' names. */
  importRun(file: File): Promise<RunRecord>;
  /** Draws videos with labels and hidden truth; without a size, those of the demo. */
  makeVideos(
    seed: number,
    size?: DemoSize,
    onProgress?: (progress: Progress) => void,
  ): Promise<Added & { train: number; test: number }>;
  videos(): VideoView[];
  runs(): RunRecord[];
  /** Where the anomalies of a video really are, where that is known. */
  truth(name: string): VideoTruth | null;
  /** Where in the picture they are, by frame from 0, where someone annotated that. */
  boxes(name: string): TruthBoxes | null;
  /** The picture of a video at a time, as a JPEG data URL. */
  still(name: string, seconds: number, width?: number): Promise<string | null>;
  diagnostics(): Promise<Record<string, unknown>>;
}
