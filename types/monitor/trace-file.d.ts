/** What a thread needs to write into the file of another. */
export interface SharedTraceFile {
    readonly path: string;
    readonly descriptor: number;
    readonly memory: SharedArrayBuffer;
}
export declare class TraceFile {
    #private;
    readonly path: string;
    /** @throws what the file system says about the path */
    static create(path: string): TraceFile;
    constructor(shared: SharedTraceFile);
    /** What another thread gets. */
    share(): SharedTraceFile;
    /** Whether `inherited` is what workers have been given of this file. */
    isShared(inherited: unknown): boolean;
    /** How many events all threads have written. */
    get events(): number;
    get closed(): boolean;
    /**
     * Appends events, each a JSON text; none once the file is closed.
     * @throws what the file system says; the file is as it was before
     */
    write(events: readonly string[]): void;
    /** Closes it for every thread. A second close does nothing. */
    close(): void;
}
