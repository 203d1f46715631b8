/** What a bug report needs, and nothing about what is on the videos: no names, no labels. */
import type { App } from './state/app.svelte.ts';
export declare function diagnose(app: App): Promise<Record<string, unknown>>;
