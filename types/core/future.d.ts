/**
 * Future: a result that will be there later.
 *
 * It is no Promise: settling it runs nothing at once and uses no microtask; whoever waits is put
 * into the loop's ready queue. Who waits stands in `_waiter`; only a second one makes a list.
 *
 * For `yield*` a future is its own iterator, and the iterator results are two objects that all
 * futures share: `yield*` and the driver read them before anything else can run, so awaiting
 * allocates nothing.
 */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import { RuntimeError } from './errors.ts';
import type { EventLoop } from './event-loop.ts';
import type { Awaitable, Yieldable } from './types.ts';
import type { Waiter } from './waiters.ts';
export declare const PENDING = 0;
export declare const DONE = 1;
/** Failed, and nobody has looked at the error yet. */
export declare const FAILED = 2;
/** Failed, and somebody has taken the error. */
export declare const RETRIEVED = 3;
/** Cancelled; the value is the reason. */
export declare const CANCELLED = 4;
/** Cancelled by a CancelledError of its own, which goes to the first who asks. */
export declare const CANCELLED_WITH = 5;
/** For the moment of a probe (debug/task-frames.ts): hides the real state, and seems pending. */
export declare const PROBED = -1;
/** What `next()` of a pending future gives; the driver knows it by identity. */
export declare const AWAITING: {
    done: false;
    value: Future<any>;
};
/**
 * The future that AWAITING speaks of. Whoever takes it is a driver, and takes it once: what nobody
 * takes, before the next step, was no wait.
 */
export declare function takeAwaited(): Future<any>;
/**
 * Lets go of what was awaited last: the two results above would keep it, and with it a loop that is
 * closed, until the next await. Nobody reads them later than in the step that made them.
 */
export declare function forgetAwaited(): void;
/**
 * A result that will be there later. `yield* future` and `await future` wait for it.
 *
 * @example
 * const future = loop.createFuture<number>();
 * loop.callLater(1, () => future.setResult(42));
 * yield* future; // 42
 */
export declare class Future<T = unknown> implements Awaitable<T> {
    /** @internal */ readonly _loop: AbstractEventLoop;
    /** @internal */ _state: number;
    /** @internal */ _value: any;
    /** @internal */ _waiter: Waiter | null;
    /**
     * @param options - `loop`: by default the running one
     * @throws TypeError when it is none; RuntimeError when none is given and none is running
     */
    constructor(options?: {
        loop?: AbstractEventLoop;
    } | null);
    /** Whether it has a result, an error, or was cancelled. */
    done(): boolean;
    /** Whether it has ended by a cancel. */
    cancelled(): boolean;
    /** The loop it belongs to. Its type is as for `getRunningLoop`. */
    getLoop<L extends AbstractEventLoop = EventLoop>(): L;
    /**
     * The result.
     * @throws the error it failed with; CancelledError; InvalidStateError while it is pending
     */
    result(): T;
    /**
     * The error it failed with, or null.
     * @throws CancelledError; InvalidStateError while it is pending
     */
    exception(): unknown;
    /** @throws InvalidStateError when it is done already */
    setResult(value: T): void;
    /**
     * Makes it fail. A class is instantiated.
     * @throws InvalidStateError when it is done already; TypeError for undefined and null
     */
    setException(exception: unknown): void;
    /**
     * Cancels it: whoever awaits it gets a CancelledError with this reason.
     * @returns false when it was done already
     */
    cancel(reason?: unknown): boolean;
    /**
     * Calls `callback(future)` from the loop once it is done; never at once, also when it is done
     * already. Callbacks run in the order they were added, in the context they were added in.
     */
    addDoneCallback(callback: (future: this) => unknown): void;
    /** Takes back every addition of `callback`. @returns how many there were */
    removeDoneCallback(callback: (future: this) => unknown): number;
    /** For `yield*`: a future is its own iterator. */
    [Symbol.iterator](): Iterator<Yieldable, T, unknown>;
    /** @internal */
    next(): IteratorResult<Yieldable, T>;
    /**
     * @internal The error at the second step while it is pending: it is its own iterator, and would
     * be an endless one for `[...future]`, `Promise.all(future)`, `new Set(future)`.
     */
    _notAwaited(): RuntimeError;
    /** @internal Failed, cancelled, or only looked at. */
    _notReady(): IteratorResult<Yieldable, T>;
    /** @internal */
    throw(error: unknown): never;
    /**
     * @internal The end of whoever waits; or of something that goes through iterables, such as
     * `const [reader] = openConnection(…)`, which no driver has seen a step of.
     */
    return(value: any): IteratorResult<Yieldable, T>;
    /** For `await`. Inside a task of the async lane, cancelling the task cancels this future. */
    then<A = T, B = never>(fulfilled?: ((value: T) => A | PromiseLike<A>) | null, rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B>;
    catch<B = never>(rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B>;
    finally(settled?: (() => void) | null): Promise<T>;
    /** @internal Fails with `error`, whatever it is. */
    _fail(error: unknown): void;
    /** @internal Settles it and wakes whoever waits. */
    _settle(state: number, value: unknown): void;
    /** @internal The error to throw; the caller has checked that there is one. */
    _takeError(): unknown;
    /** @internal Whether its result is there to be read, without anything being handed over. */
    _isSettled(): boolean;
    /** @internal Whether it has failed, and nobody has looked at the error yet. */
    _isUnread(): boolean;
    /** @internal Marks the error as seen without giving it to anyone. */
    _markRetrieved(): void;
    /** @internal */
    _addWaiter(waiter: Waiter): void;
    /** @internal */
    _removeWaiter(waiter: Waiter): void;
    /** @internal Where it was made, in debug mode. */
    _source(): string | undefined;
    /** @internal The stack of its making, in debug mode, when it was made by this task. */
    _madeBy(task: object): string | undefined;
    toString(): string;
    /** @internal */
    _stateText(): string;
}
/** The stack that the last probe has found; empty when it has reached no future. */
export declare function takeProbe(): string;
/** Whether `value` is one of our futures (a task is one). */
export declare function isFuture(value: unknown): value is Future<unknown>;
export type { Waiter };
