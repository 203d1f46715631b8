/**
 * The video on stage and the one cursor that everything shares. The cursor is a frame of the file; its time comes from
 * the decoded timestamps, not from what a player believes.
 */
import { type Snippet } from '../../engine/types.ts';
import type { Client, FeatureSummary, VideoRecord } from '../../workers/client.ts';
import type { Project } from './project.svelte.ts';
export declare class Stage {
    #private;
    videoId: string | null;
    /** The frame that is looked at, from 0. */
    frame: number;
    isTruthShown: boolean;
    /** Presentation time of every frame; null until features were extracted. */
    frameSeconds: Float64Array<ArrayBufferLike> | null;
    /** The file, as dropped or as kept; null when it has to be dropped again. */
    file: File | null;
    constructor(client: Client, project: Project);
    get video(): VideoRecord | null;
    get features(): FeatureSummary | null;
    /** Frames of the video: exact once it was decoded, before that an estimate. */
    get frames(): number;
    get isExact(): boolean;
    /** When a frame is shown. */
    startOf(frame: number): number;
    /** When it leaves the screen. */
    endOf(frame: number): number;
    /** The frame on screen at a time: the last that began at or before it. */
    frameAt(seconds: number): number;
    get snippet(): Snippet | null;
    /** Puts a video on stage. */
    show(videoId: string | null): Promise<void>;
    /** Reads again what belongs to the video on stage: after an extraction, or when its file was dropped again. */
    refresh(): Promise<void>;
    goTo(frame: number): void;
    stepBy(frames: number): void;
    /** To the first frame of the snippet `by` snippets away. */
    stepSnippets(by: number): void;
}
