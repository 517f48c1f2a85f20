/**
 * One piece of work on its way through a thread.
 *
 * It has a channel of its own. The arguments are put into it at once, so what is changed after the
 * call does not matter, and an argument that cannot travel is an error at the place of the call. A
 * cancel is put into it too: the thread looks before it begins, so work that was cancelled in time
 * is never begun, however far it has come. The outcome comes back through it, which lets the thread
 * find out by itself that a result cannot travel.
 */
import type { MessagePort } from 'node:worker_threads';
import type { PackedError } from './remote-error.ts';
import type { WorkMessage } from './thread-work.ts';
/** What the thread is sent. */
export interface JobMessage extends WorkMessage {
    readonly port: MessagePort;
}
/** What the thread answers; nothing, when it found a cancel. */
export interface JobAnswer {
    readonly value?: unknown;
    readonly error?: PackedError;
}
export declare class ThreadJob {
    #private;
    readonly message: JobMessage;
    readonly outcome: Promise<unknown>;
    /** Ends the thread in which it runs; only there when that was asked for. */
    readonly kill: AbortController | null;
    /** Whether it is on its way to a thread, which then closes its end of the channel. */
    begun: boolean;
    /** Whether the outcome is known; the thread may still run. */
    settled: boolean;
    /** @throws TypeError for what is no work; DataCloneError naming an argument that cannot travel */
    constructor(work: unknown, args: readonly unknown[], killable: boolean);
    /** Takes the outcome from the channel; none means that the thread has come to its end. */
    finish(failure: unknown): void;
    /** Nobody waits for it any more, for this reason; if it has not begun, it never does. */
    fail(error: unknown): void;
    abort(reason: unknown): void;
}
