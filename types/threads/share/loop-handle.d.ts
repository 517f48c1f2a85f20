import type { SharedFunctions } from './share.ts';
/** What is left of a LoopHandle after `postMessage`, `workerData` or JSON: its data. */
export interface LoopHandleData<F extends SharedFunctions = SharedFunctions> {
    readonly kind: string;
    readonly version: number;
    /** The process it is good in. */
    readonly process: string;
    /** Number of the loop. */
    readonly loop: number;
    /** Number of what is shared. */
    readonly share: number;
    /** The names that may be called. */
    readonly functions: ReadonlyArray<keyof F & string>;
    /** For the compiler alone: what `connectLoop` knows the functions by. */
    readonly types?: F;
}
/**
 * What `loop.share()` gives. Send it to other threads as it is (`workerData`, `postMessage`, even
 * as JSON): what arrives is its data, which `connectLoop` takes. The methods are for the thread
 * that shares.
 */
export declare class LoopHandle<F extends SharedFunctions = SharedFunctions> implements LoopHandleData<F> {
    #private;
    readonly kind: string;
    readonly version: number;
    readonly process: string;
    readonly loop: number;
    readonly share: number;
    readonly functions: ReadonlyArray<keyof F & string>;
    /** For the compiler alone. */
    readonly types?: F;
    private constructor();
    /**
     * Ends the sharing: calls that come later fail with a RuntimeError; what is running goes on. The
     * loop no longer waits for posts on its account. A second close does nothing.
     */
    close(): void;
    /** Whether it was closed, or its loop was. */
    isClosed(): boolean;
    /** Lets the process end, and `runSync` find a deadlock, although the loop is shared. */
    unref(): this;
    /** Takes `unref` back. */
    ref(): this;
    /**
     * The number of a function, for `post_call` of native/include/oxbow.h.
     * @throws RangeError when no function of this name is shared
     */
    functionId(name: keyof F & string): number;
    [Symbol.dispose](): void;
    toString(): string;
}
