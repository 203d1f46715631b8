/** How features are extracted. Kept in this browser; `?backend=` in the address overrides the backend. */
import type { BackendChoice, ExtractSettings } from '../../workers/client.ts';
export declare class Settings {
    backend: BackendChoice;
    backbone: string;
    /** 0: the rate that the backbone was made for. */
    framesPerSecond: number;
    /** Upper bound for wasm threads, from `?threads=`; for measurements. */
    threads: number | undefined;
    constructor();
    keep(): void;
    /** As the extraction worker wants them. */
    get extraction(): ExtractSettings;
}
