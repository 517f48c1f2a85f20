/**
 * The error classes, one for each of asyncio's meanings. Every class has its own `name`, so that an
 * error can be told apart without importing the class.
 */
import { watchForUncaught } from './uncaught-interrupt.ts';

/** A call that makes no sense in the current state: no running loop, a closed loop, a bad yield. */
export class RuntimeError extends Error {
  override name = 'RuntimeError';
}

/** Thrown by a call that needs a running loop when there is none; `run` recognises it. */
export class NoRunningLoop extends RuntimeError {}

/** A method that a custom loop must implement, or that only the native engine can provide. */
export class NotImplementedError extends RuntimeError {
  override name = 'NotImplementedError';
}

/**
 * A task or future was cancelled. It extends Error (JavaScript has no other base class for errors),
 * so a broad `catch` catches it too: rethrow it.
 */
export class CancelledError extends Error {
  override name = 'CancelledError';
  /** The value that was given to `cancel()`, unchanged. */
  readonly reason: unknown;

  constructor(reason?: unknown) {
    super(reason === undefined ? 'cancelled' : describeReason(reason));
    this.reason = reason;
  }
}

function describeReason(reason: unknown): string {
  if (typeof reason === 'string') return reason;
  try {
    return reason instanceof Error ? reason.message : String(reason);
  } catch {
    return 'cancelled';
  }
}

/** @internal Marks errors that count as a TimeoutError although they extend another class. */
export const TIMED_OUT: unique symbol = Symbol('oxbow.timedOut');

/**
 * A deadline passed: `waitFor`, `timeout`, `timeoutAt`. `instanceof TimeoutError` is also true for
 * the timeouts of HTTP requests, although their class extends the client's errors.
 */
export class TimeoutError extends Error {
  override name = 'TimeoutError';
  readonly code: string = 'ETIMEDOUT';

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    return (
      this === TimeoutError && typeof value === 'object' && value !== null && TIMED_OUT in value
    );
  }

  constructor(message = 'the operation timed out', options?: ErrorOptions) {
    super(message, options);
  }
}

/**
 * The system's sendfile(2) cannot be used, because the connection has TLS or the file is not a
 * regular file, and the call did not allow a fallback.
 */
export class SendfileNotAvailableError extends RuntimeError {
  override name = 'SendfileNotAvailableError';
}

/** A future was asked for a result or error that it does not have yet, or was settled twice. */
export class InvalidStateError extends Error {
  override name = 'InvalidStateError';
}

/** The stream ended before `expected` bytes came; `partial` is what did come. */
export class IncompleteReadError extends Error {
  override name = 'IncompleteReadError';
  readonly partial: Uint8Array;
  /** The number of bytes requested; null when waiting for a separator. */
  readonly expected: number | null;

  constructor(partial: Uint8Array, expected: number | null) {
    super(`${partial.length} bytes read on a total of ${expected ?? 'undefined'} expected bytes`);
    this.partial = partial;
    this.expected = expected;
  }
}

/** A separator was not found within the limit; `consumed` bytes are still in the buffer. */
export class LimitOverrunError extends Error {
  override name = 'LimitOverrunError';
  readonly consumed: number;

  constructor(message: string, consumed: number) {
    super(message);
    this.consumed = consumed;
  }
}

/** A barrier was reset or aborted while tasks waited at it. */
export class BrokenBarrierError extends RuntimeError {
  override name = 'BrokenBarrierError';
}

/** `getNowait()` on an empty queue. */
export class QueueEmpty extends Error {
  override name = 'QueueEmpty';
}

/** `putNowait()` on a full queue. */
export class QueueFull extends Error {
  override name = 'QueueFull';
}

/** `put()` on a queue that was shut down, or `get()` once it is drained. */
export class QueueShutDown extends Error {
  override name = 'QueueShutDown';
}

/** A channel no longer has any sender, or any receiver. */
export class ChannelClosed extends Error {
  override name = 'ChannelClosed';
}

/** A receiver of a broadcast was too slow and has missed items. */
export class LaggedError extends Error {
  override name = 'LaggedError';
  /** The number of items missed since the last one received. */
  readonly lagged: number;

  constructor(lagged: number) {
    super(`the receiver was too slow and has lost ${lagged} item${lagged === 1 ? '' : 's'}`);
    this.lagged = lagged;
  }
}

/**
 * Ctrl-C. The only error that ends the loop when a callback throws it. A program that does not
 * catch it ends with one line on stderr and exit code 130.
 */
export class KeyboardInterrupt extends Error {
  override name = 'KeyboardInterrupt';

  constructor(message = 'interrupted by Ctrl-C') {
    super(message);
    watchForUncaught();
  }
}

/**
 * SIGTERM: the process was asked to end. It interrupts a run as Ctrl-C does, and is a subclass of
 * KeyboardInterrupt. A program that does not catch it ends with one line on stderr
 * and exit code 143.
 */
export class Terminated extends KeyboardInterrupt {
  override name = 'Terminated';

  constructor(message = 'ended by SIGTERM') {
    super(message);
  }
}

/**
 * The loop owns the thread (`runSync`) and waits for something that can never happen meanwhile:
 * for example a Promise that only Node's own loop can settle.
 */
export class DeadlockError extends RuntimeError {
  override name = 'DeadlockError';
  readonly code: string = 'EDEADLK';
}

/** Thrown by a call whose `{signal}` aborts; same name, code and cause as Node's own error. */
export class AbortError extends Error {
  override name = 'AbortError';
  readonly code: string = 'ABORT_ERR';

  constructor(reason?: unknown) {
    super('The operation was aborted', { cause: reason });
  }
}

/**
 * `error instanceof kind` that never throws: what was thrown may be a Proxy with throwing traps.
 */
export function isA<E>(error: unknown, kind: abstract new (...args: any[]) => E): error is E {
  try {
    return error instanceof kind;
  } catch {
    return false;
  }
}
