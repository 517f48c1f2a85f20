/** A call that makes no sense in the current state: no running loop, a closed loop, a bad yield. */
export declare class RuntimeError extends Error {
    name: string;
}
/** A method that a custom loop must implement, or that only the native engine can provide. */
export declare class NotImplementedError extends RuntimeError {
    name: string;
}
/**
 * A task or future was cancelled. It extends Error (JavaScript has no other base class for errors),
 * so a broad `catch` catches it too: rethrow it.
 */
export declare class CancelledError extends Error {
    name: string;
    /** The value that was given to `cancel()`, unchanged. */
    readonly reason: unknown;
    constructor(reason?: unknown);
}
/**
 * A deadline passed: `waitFor`, `timeout`, `timeoutAt`. `instanceof TimeoutError` is also true for
 * the timeouts of HTTP requests, although their class extends the client's errors.
 */
export declare class TimeoutError extends Error {
    name: string;
    readonly code: string;
    static [Symbol.hasInstance](value: unknown): boolean;
    constructor(message?: string, options?: ErrorOptions);
}
/**
 * The system's sendfile(2) cannot be used, because the connection has TLS or the file is not a
 * regular file, and the call did not allow a fallback.
 */
export declare class SendfileNotAvailableError extends RuntimeError {
    name: string;
}
/** A future was asked for a result or error that it does not have yet, or was settled twice. */
export declare class InvalidStateError extends Error {
    name: string;
}
/** The stream ended before `expected` bytes came; `partial` is what did come. */
export declare class IncompleteReadError extends Error {
    name: string;
    readonly partial: Uint8Array;
    /** The number of bytes requested; null when waiting for a separator. */
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
/** A channel no longer has any sender, or any receiver. */
export declare class ChannelClosed extends Error {
    name: string;
}
/** A receiver of a broadcast was too slow and has missed items. */
export declare class LaggedError extends Error {
    name: string;
    /** The number of items missed since the last one received. */
    readonly lagged: number;
    constructor(lagged: number);
}
/**
 * Ctrl-C. The only error that ends the loop when a callback throws it. A program that does not
 * catch it ends with one line on stderr and exit code 130.
 */
export declare class KeyboardInterrupt extends Error {
    name: string;
    constructor(message?: string);
}
/**
 * SIGTERM: the process was asked to end. It interrupts a run as Ctrl-C does, and is a subclass of
 * KeyboardInterrupt. A program that does not catch it ends with one line on stderr
 * and exit code 143.
 */
export declare class Terminated extends KeyboardInterrupt {
    name: string;
    constructor(message?: string);
}
/**
 * The loop owns the thread (`runSync`) and waits for something that can never happen meanwhile:
 * for example a Promise that only Node's own loop can settle.
 */
export declare class DeadlockError extends RuntimeError {
    name: string;
    readonly code: string;
}
/** Thrown by a call whose `{signal}` aborts; same name, code and cause as Node's own error. */
export declare class AbortError extends Error {
    name: string;
    readonly code: string;
    constructor(reason?: unknown);
}
