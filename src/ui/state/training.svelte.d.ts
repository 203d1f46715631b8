/** The run on screen: its configuration, its progress and what it makes of the videos. */
import type { Evaluation, ScoredVideo } from '../../engine/evaluation/evaluate.ts';
import { type Config, type HeadCard } from '../../engine/heads/config.fields.ts';
import type { Client, FeatureSummary, RunRecord, ScoreRecord, Tick } from '../../workers/client.ts';
import type { Notices } from './notices.svelte.ts';
import type { Project } from './project.svelte.ts';
export declare const DEFAULT_STEPS = 200;
export declare class Training {
    #private;
    headId: string;
    config: Config;
    seed: number;
    steps: number;
    runs: RunRecord[];
    run: RunRecord | null;
    isPlaying: boolean;
    tick: Tick | null;
    /** Total and terms of every step of the run on screen. */
    losses: {
        total: number;
        terms: Record<string, number>;
    }[];
    parameters: number | null;
    /** Scores of the run on screen, by feature key. */
    scores: Map<string, ScoreRecord>;
    evaluation: Evaluation | null;
    threshold: number;
    constructor(client: Client, notices: Notices, project: Project, isUntrained: () => boolean);
    get card(): HeadCard;
    /** The preset that the fields are those of, if any. */
    get preset(): string | null;
    /** Whether Play goes on with the run on screen: it was set up like this. */
    get isContinuable(): boolean;
    /** Why nothing can be trained yet, or null. */
    get obstacle(): string | null;
    load(): Promise<void>;
    choose(headId: string): void;
    /** Once the backbone is known: fields that nobody has touched become those that suit it. */
    suitBackbone(): void;
    applyPreset(name: string): void;
    /** @throws the failure of a value that its field does not allow */
    set(key: string, value: unknown): void;
    setSeed(seed: number): void;
    /** Begins a run from the fields as they are; the one before stays in the list. */
    reset(): Promise<RunRecord>;
    /** Trains until `steps` are done or Pause is pressed, then scores every video. */
    play(onTick?: (tick: Tick) => void): Promise<RunRecord>;
    pause(): Promise<void>;
    step(): Promise<void>;
    /** A stored run, with its losses and scores. */
    show(runId: string): Promise<void>;
    remove(runId: string): Promise<void>;
    /** Looks at one video with the live head, a few times a second while a run goes on. */
    watch(featureKey: () => string | null, signal: AbortSignal): Promise<void>;
    /** Scores every video that has features, stores the scores and evaluates the test part. */
    scoreAll(): Promise<ScoreRecord[]>;
    /** Figures over the test part, from labels and truths as far as they are known. */
    evaluate(): Promise<Evaluation | null>;
    scoredVideos(part: 'train' | 'test'): ScoredVideo[];
}
/** Frames per second as decoded, over the whole video; null where features come without times. */
export declare function rateOf({ frames, snippets }: FeatureSummary): number | null;
