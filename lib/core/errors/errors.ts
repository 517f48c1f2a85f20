/**
 * The error classes, one for each of asyncio's meanings. Every class has its own `name`, so that an
 * error can be told apart without importing the class.
 */
import { watchForUncaught } from './uncaught-interrupt.ts';

/** A state in which the call makes no sense: no running loop, a closed loop, a wrong yield. */
export class RuntimeError extends Error {
  override name = 'RuntimeError';
}

/** The same, for a call that needs a loop when none runs: `run` recognises it. */
export class NoRunningLoop extends RuntimeError {}

/** A method that a loop of one's own must write, or cannot have without the native engine. */
export class NotImplementedError extends RuntimeError {
  override name = 'NotImplementedError';
}

/**
 * A task or future was cancelled. It extends Error (JavaScript has nothing beside Error), so a
 * broad `catch` sees it too: throw it on.
 */
export class CancelledError extends Error {
  override name = 'CancelledError';
  /** What was given to `cancel()`, as it was given. */
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

/** @internal What an error has that is a TimeoutError beside the class that it extends. */
export const TIMED_OUT: unique symbol = Symbol('oxbow.timedOut');

/**
 * A deadline passed: `waitFor`, `timeout`, `timeoutAt`. The time limits of HTTP requests are
 * instances, too, though they are of a class of the client's errors.
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
 * `sendfile` cannot be done with the system's own sendfile(2), and the call was not allowed to do
 * it in another way: there is TLS on the connection, or it is no regular file.
 */
export class SendfileNotAvailableError extends RuntimeError {
  override name = 'SendfileNotAvailableError';
}

/** A future was asked for what its state does not have, or was settled twice. */
export class InvalidStateError extends Error {
  override name = 'InvalidStateError';
}

/** The stream ended before `expected` bytes came; `partial` is what did come. */
export class IncompleteReadError extends Error {
  override name = 'IncompleteReadError';
  readonly partial: Uint8Array;
  /** Bytes that were asked for; null when a separator was waited for. */
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

/** A channel has no sender or no receiver any more. */
export class ChannelClosed extends Error {
  override name = 'ChannelClosed';
}

/** A receiver of a broadcast was too slow: this many items are lost to it. */
export class LaggedError extends Error {
  override name = 'LaggedError';
  /** How many items were lost since the last one that was received. */
  readonly lagged: number;

  constructor(lagged: number) {
    super(`the receiver was too slow and has lost ${lagged} item${lagged === 1 ? '' : 's'}`);
    this.lagged = lagged;
  }
}

/**
 * Ctrl-C. The only error that leaves the loop when a callback throws it. A program that does not
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
 * SIGTERM: the process is asked to end. It does to a run what Ctrl-C does, and is a
 * KeyboardInterrupt of its own name. A program that does not catch it ends with one line on stderr
 * and exit code 143.
 */
export class Terminated extends KeyboardInterrupt {
  override name = 'Terminated';

  constructor(message = 'ended by SIGTERM') {
    super(message);
  }
}

/**
 * The loop owns the thread (`runSync`) and waits for something that nothing could ever deliver: a
 * Promise, for example, which only Node's own loop can settle.
 */
export class DeadlockError extends RuntimeError {
  override name = 'DeadlockError';
  readonly code: string = 'EDEADLK';
}

/** What a call throws when the `{signal}` that it was given aborts; the shape is Node's own. */
export class AbortError extends Error {
  override name = 'AbortError';
  readonly code: string = 'ABORT_ERR';

  constructor(reason?: unknown) {
    super('The operation was aborted', { cause: reason });
  }
}

/** `error instanceof kind`, also for a Proxy whose traps throw: anything can be thrown. */
export function isA<E>(error: unknown, kind: abstract new (...args: any[]) => E): error is E {
  try {
    return error instanceof kind;
  } catch {
    return false;
  }
}
