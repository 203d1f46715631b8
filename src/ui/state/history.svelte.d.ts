/** What can be taken back, newest last. */
export declare class History {
    #private;
    /** What the next undo would take back. */
    get next(): string | null;
    did(label: string, undo: () => Promise<void>): void;
    undo(): Promise<string | null>;
}
