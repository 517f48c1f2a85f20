import type { SharedFunctions } from './share.ts';
/** A LoopHandle after `postMessage`, `workerData` or JSON: its data without methods. */
export interface LoopHandleData<F extends SharedFunctions = SharedFunctions> {
    readonly kind: string;
    readonly version: number;
    /** Identifies the process in which it is valid. */
    readonly process: string;
    /** Number of the loop. */
    readonly loop: number;
    /** Number of the share. */
    readonly share: number;
    /** The names of the shared functions. */
    readonly functions: ReadonlyArray<keyof F & string>;
    /** Only for the compiler: the types of the functions, for `connectLoop`. */
    readonly types?: F;
}
/**
 * Returned by `loop.share()`. Send it to other threads as it is (`workerData`, `postMessage`, even
 * as JSON): what arrives is its data, which `connectLoop` accepts. The methods are for the sharing
 * thread.
 */
export declare class LoopHandle<F extends SharedFunctions = SharedFunctions> implements LoopHandleData<F> {
    #private;
    readonly kind: string;
    readonly version: number;
    readonly process: string;
    readonly loop: number;
    readonly share: number;
    readonly functions: ReadonlyArray<keyof F & string>;
    /** Only for the compiler. */
    readonly types?: F;
    private constructor();
    /**
     * Ends the sharing: later calls fail with a RuntimeError; running calls continue. The loop no
     * longer waits for calls to it. A second close does nothing.
     */
    close(): void;
    /** Whether it was closed, or its loop was. */
    isClosed(): boolean;
    /** Stops the share from keeping the process alive, and `runSync` from waiting for calls. */
    unref(): this;
    /** Undoes `unref`. */
    ref(): this;
    /**
     * The number of a function, for `post_call` of native/include/oxbow.h.
     * @throws RangeError when no function of this name is shared
     */
    functionId(name: keyof F & string): number;
    [Symbol.dispose](): void;
    toString(): string;
}
