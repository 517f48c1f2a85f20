/** A state in which the call makes no sense: no running loop, a closed loop, a wrong yield. */
export declare class RuntimeError extends Error {
    name: string;
}
/** A method that a loop of one's own must write, or cannot have without the native engine. */
export declare class NotImplementedError extends RuntimeError {
    name: string;
}
/**
 * A task or future was cancelled. It extends Error (JavaScript has nothing beside Error), so a
 * broad `catch` sees it too: throw it on.
 */
export declare class CancelledError extends Error {
    name: string;
    /** What was given to `cancel()`, as it was given. */
    readonly reason: unknown;
    constructor(reason?: unknown);
}
/**
 * A deadline passed: `waitFor`, `timeout`, `timeoutAt`. The time limits of HTTP requests are
 * instances, too, though they are of a class of the client's errors.
 */
export declare class TimeoutError extends Error {
    name: string;
    readonly code: string;
    static [Symbol.hasInstance](value: unknown): boolean;
    constructor(message?: string, options?: ErrorOptions);
}
/**
 * `sendfile` cannot be done with the system's own sendfile(2), and the call was not allowed to do
 * it in another way: there is TLS on the connection, or it is no regular file.
 */
export declare class SendfileNotAvailableError extends RuntimeError {
    name: string;
}
/** A future was asked for what its state does not have, or was settled twice. */
export declare class InvalidStateError extends Error {
    name: string;
}
/** The stream ended before `expected` bytes came; `partial` is what did come. */
export declare class IncompleteReadError extends Error {
    name: string;
    readonly partial: Uint8Array;
    /** Bytes that were asked for; null when a separator was waited for. */
    readonly expected: number | null;
    constructor(partial: Uint8Array, expected: number | null);
}
/** A separator was not found within the limit; `consumed` bytes are still in the buffer. */
export declare class LimitOverrunError extends Error {
    name: string;
    readonly consumed: number;
    constructor(message: string, consumed: number);
}
/** A barrier was reset or aborted while tasks waited at it. */
export declare class BrokenBarrierError extends RuntimeError {
    name: string;
}
/** `getNowait()` on an empty queue. */
export declare class QueueEmpty extends Error {
    name: string;
}
/** `putNowait()` on a full queue. */
export declare class QueueFull extends Error {
    name: string;
}
/** `put()` on a queue that was shut down, or `get()` once it is drained. */
export declare class QueueShutDown extends Error {
    name: string;
}
/** A channel has no sender or no receiver any more. */
export declare class ChannelClosed extends Error {
    name: string;
}
/** A receiver of a broadcast was too slow: this many items are lost to it. */
export declare class LaggedError extends Error {
    name: string;
    /** How many items were lost since the last one that was received. */
    readonly lagged: number;
    constructor(lagged: number);
}
/**
 * Ctrl-C. The only error that leaves the loop when a callback throws it. A program that does not
 * catch it ends with one line on stderr and exit code 130.
 */
export declare class KeyboardInterrupt extends Error {
    name: string;
    constructor(message?: string);
}
/**
 * SIGTERM: the process is asked to end. It does to a run what Ctrl-C does, and is a
 * KeyboardInterrupt of its own name. A program that does not catch it ends with one line on stderr
 * and exit code 143.
 */
export declare class Terminated extends KeyboardInterrupt {
    name: string;
    constructor(message?: string);
}
/**
 * The loop owns the thread (`runSync`) and waits for something that nothing could ever deliver: a
 * Promise, for example, which only Node's own loop can settle.
 */
export declare class DeadlockError extends RuntimeError {
    name: string;
    readonly code: string;
}
/** What a call throws when the `{signal}` that it was given aborts; the shape is Node's own. */
export declare class AbortError extends Error {
    name: string;
    readonly code: string;
    constructor(reason?: unknown);
}
