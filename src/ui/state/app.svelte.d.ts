import type { Progress } from '../../engine/job.ts';
import { Client, type BackboneOffer, type BackboneReport, type DeviceReport, type ProjectRecord } from '../../workers/client.ts';
import { Notices } from './notices.svelte.ts';
import { Project, type Added, type Refusal } from './project.svelte.ts';
import { Settings } from './settings.svelte.ts';
import { Stage } from './stage.svelte.ts';
import { Training } from './training.svelte.ts';
export declare class App {
    #private;
    readonly notices: Notices;
    readonly settings: Settings;
    readonly client: Client;
    projects: ProjectRecord[];
    project: Project;
    training: Training;
    stage: Stage;
    /** What runs the heads, once it is known. */
    device: DeviceReport | null;
    /** What runs the backbone, once it was needed. */
    extraction: {
        device: DeviceReport;
        backbone: BackboneReport;
    } | null;
    backbones: BackboneOffer[];
    /** True when the browser removed the data, or a newer version of the page took over. */
    isCutOff: boolean;
    private constructor();
    /** @throws Failure `storage-unavailable` */
    static start(): Promise<App>;
    /** The backbone that features come from; the first of the offers for `auto`. */
    get backbone(): BackboneOffer | null;
    /** Whether features come from a network that was never trained. */
    get isUntrained(): boolean;
    newProject(name?: string): Promise<void>;
    openProject(id: string): Promise<void>;
    renameProject(name: string): Promise<void>;
    deleteProject(): Promise<void>;
    /** Takes the open project over from another tab. */
    takeOver(): Promise<void>;
    /** Anything dropped: videos, feature arrays with their notes, lists of labels, truth files. */
    addFiles(files: readonly File[], onProgress?: (progress: Progress) => void): Promise<Added>;
    /** `.npy` arrays, each with the `.json` of the same name where there is one. */
    addFeatures(files: readonly File[]): Promise<Added>;
    /** Features for every video that lacks them, on the device that is chosen. */
    extract(onProgress?: (progress: Progress) => void): Promise<{
        extracted: number;
        failed: Refusal[];
    }>;
    /** Draws a small street with labels and hidden truth, for whoever has no videos at hand. */
    makeVideos(onProgress?: (progress: Progress) => void): Promise<Added>;
    addMade(seed: number, size: {
        train: number;
        test: number;
        seconds: number;
        framesPerSecond: number;
    }, onProgress?: (progress: Progress) => void): Promise<Added>;
}
