/**
 * The page as a script: `globalThis.weaklens` offers what the buttons do, for tests, the `lab` command and curious
 * people. Every method is a promise; `onProgress` is told how far a long one is.
 */
import type { Evaluation } from '../engine/evaluation/evaluate.ts';
import type { Progress } from '../engine/job.ts';
import type { Part, VideoTruth, WeakLabel } from '../engine/types.ts';
import type { Client, RunRecord, ScoreRecord, Tick } from '../workers/client.ts';
import type { App } from './state/app.svelte.ts';
import type { Added, Refusal } from './state/project.svelte.ts';
interface Reporting {
    onProgress?: (progress: Progress) => void;
}
export interface TrainRequest {
    head?: string;
    preset?: string;
    /** Fields that differ from the preset's. */
    config?: Record<string, unknown>;
    seed?: number;
    steps?: number;
    onTick?: (tick: Tick) => void;
}
/** A video as a script sees it. */
export interface VideoView {
    name: string;
    label: WeakLabel | null;
    part: Part;
    hash: string;
    frames: number | null;
    fps: number | null;
    snippets: number | null;
}
export interface NamedScores extends Pick<ScoreRecord, 'scores' | 'snippetsPerScore' | 'step' | 'featureKey'> {
    name: string;
}
export declare function makeScript(app: App): {
    /** For what has no button: benchmarks, measurements. */
    client: Client;
    addVideos: (files: File[], { onProgress }?: Reporting) => Promise<Added>;
    /** `.npy` arrays `[snippets, D]`, each with the `.json` of the same name where there is one. */
    addFeatures: (files: File[]) => Promise<Added>;
    label: (name: string, label: WeakLabel | null) => Promise<void>;
    split: (name: string, part: Part) => Promise<void>;
    extract: ({ onProgress }?: Reporting) => Promise<{
        extracted: number;
        failed: Refusal[];
    }>;
    /** Trains a new run with what is given, or goes on with the run on screen when nothing is. */
    train({ head, preset, config, seed, steps, onTick }?: TrainRequest): Promise<RunRecord>;
    /** Scores of every video that has features, by the run on screen or another. */
    score(runId?: string): Promise<NamedScores[]>;
    /** Figures over the test part. */
    evaluate(runId?: string, protocol?: {
        threshold?: number;
    }): Promise<Evaluation | null>;
    /** Where the anomalies of a video really are, where that is known. */
    truth: (name: string) => VideoTruth | null;
    /** The picture of a video at a time, as a JPEG data URL. */
    still(name: string, seconds: number, width?: number): Promise<string | null>;
    /** A run from a file, to score with. */
    importRun(file: File): Promise<RunRecord>;
    /** The run as a safetensors file with state-dict names. */
    exportRun: (runId: string) => Promise<Uint8Array>;
    /** Draws videos with labels and hidden truth. */
    makeVideos: (seed: number, size: {
        train: number;
        test: number;
        seconds: number;
        framesPerSecond: number;
    }, onProgress?: (progress: Progress) => void) => Promise<Added>;
    videos: () => VideoView[];
    runs: () => RunRecord[];
    diagnostics: () => Promise<Record<string, unknown>>;
};
export type Script = ReturnType<typeof makeScript>;
export {};
