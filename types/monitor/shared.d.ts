import type { Durations } from './protocol.ts';
export declare const SHARED_BYTES: number;
/** What is known of a thread without asking it. */
export interface Pulse {
    /** What runs, or what ran last. */
    readonly text: string;
    /** Whether it still runs. */
    readonly running: boolean;
    /** Since when it runs, or has ended, in milliseconds of the shared clock; 0: never ran. */
    readonly since: number;
}
export declare class SharedState {
    #private;
    readonly buffer: SharedArrayBuffer;
    constructor(buffer?: SharedArrayBuffer);
    /** Something begins to run. The reader sees an odd sequence while this is being written. */
    begin(text: string): void;
    /** It has ended. */
    end(seconds: number): void;
    /** What it does now, read from another thread. */
    pulse(): Pulse;
    /** How long callbacks took, since the start. */
    durations(): Durations;
    ask(): void;
    get asked(): number;
    get debugged(): boolean;
    set debugged(value: boolean);
}
/** The bucket of a duration: the first whose bound it does not exceed. */
export declare function bucketOf(seconds: number): number;
