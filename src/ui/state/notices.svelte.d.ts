/** What the page has to say: failures that stay until they are read, and milestones that pass. */
import type { FailureReport } from '../../engine/failure.ts';
export interface Notice {
    id: number;
    kind: 'failure' | 'warning' | 'done';
    /** The file or video it is about. */
    subject?: string;
    text: string;
    /** The way out, or what was kept. */
    more?: string;
    action?: {
        label: string;
        run: () => void;
    };
}
export declare class Notices {
    #private;
    list: Notice[];
    /** Words of the libraries underneath, for the diagnostics. */
    readonly details: string[];
    say(text: string, action?: Notice['action']): void;
    warn(text: string, subject?: string): void;
    /** A failure, once: cancelling is no failure. */
    fail(error: unknown, subject?: string): void;
    dismiss(id: number): void;
}
/** Anything thrown, as a report. What the workers reject with has the fields of one already. */
export declare function toReport(error: unknown): FailureReport;
