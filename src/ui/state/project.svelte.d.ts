/**
 * The open project: its videos, labels, truths and features, as the page shows them and as the store keeps them.
 * Every change is written before it counts, and can be taken back.
 */
import type { Progress } from '../../engine/job.ts';
import type { Part, VideoTruth, WeakLabel } from '../../engine/types.ts';
import type { Client, FeatureSummary, ProjectRecord, VideoRecord } from '../../workers/client.ts';
import { History } from './history.svelte.ts';
import type { Notices } from './notices.svelte.ts';
import type { Settings } from './settings.svelte.ts';
/** Where a video stands between the drop and its features. */
export type VideoState = {
    kind: 'reading';
    progress: Progress | null;
} | {
    kind: 'waiting';
} | {
    kind: 'extracting';
    progress: Progress | null;
} | {
    kind: 'failed';
    text: string;
};
/** A file that was refused or could not be read, by name and reason. */
export interface Refusal {
    name: string;
    reason: string;
}
export interface Added {
    added: string[];
    refused: Refusal[];
}
/** The extraction of all videos that have no features yet. */
export interface ExtractionStatus {
    done: number;
    total: number;
    /** Share of everything, 0..1. */
    share: number;
    framesPerSecond: number;
    secondsLeft: number | null;
    isPaused: boolean;
}
export declare class Project {
    #private;
    readonly history: History;
    record: ProjectRecord;
    videos: VideoRecord[];
    /** By video id; never given to training. */
    truths: Map<string, VideoTruth>;
    /** By feature key. */
    features: Map<string, FeatureSummary>;
    /** Videos that are under way, by id. */
    states: Map<string, VideoState>;
    extraction: ExtractionStatus | null;
    /** False while another tab has the project. */
    isWritable: boolean;
    constructor(client: Client, notices: Notices, settings: Settings, record: ProjectRecord);
    /** Reads everything from the store again. */
    load(): Promise<void>;
    video(id: string): VideoRecord | undefined;
    /** The newest features of a video from the chosen backbone; those of a feature file whatever made them. */
    featuresOf({ hash, facts }: VideoRecord): FeatureSummary | undefined;
    /** Videos that training may learn from: in the training part, labelled, with features. */
    get trainable(): {
        video: VideoRecord;
        label: WeakLabel;
        features: FeatureSummary;
    }[];
    /** Videos that still need features. */
    get unextracted(): VideoRecord[];
    /** Reads video files one after the other; those that are refused are named with the reason. */
    addVideos(files: readonly File[], onProgress?: (progress: Progress) => void): Promise<Added>;
    /** Files that are being read and are no videos of the project yet. */
    pending: {
        id: string;
        name: string;
    }[];
    /** Features made elsewhere, as a video without pictures. */
    addFeatureVideo(name: string, hash: string, sizeBytes: number, summary: FeatureSummary): Promise<VideoRecord>;
    /** The bytes of a video: as dropped, or the kept copy; null when it has to be dropped again. */
    file({ hash }: VideoRecord): Promise<File | null>;
    label(ids: readonly string[], label: WeakLabel | null): Promise<void>;
    move(ids: readonly string[], part: Part): Promise<void>;
    rename(id: string, name: string): Promise<void>;
    remove(ids: readonly string[]): Promise<void>;
    setTruths(truths: ReadonlyMap<string, VideoTruth>): Promise<void>;
    update(change: Partial<Pick<ProjectRecord, 'name' | 'head'>>): Promise<void>;
    /** Features for every video that has none, one after the other. Failures are told and the rest goes on. */
    extract(onProgress?: (progress: Progress) => void): Promise<{
        extracted: number;
        failed: Refusal[];
    }>;
    pauseExtraction(): void;
    resumeExtraction(): void;
    cancelExtraction(): void;
}
