/** Handles: what `callSoon` and `callLater` return, and what the ready queue runs. */
import type { Runnable } from '../../native/rings.ts';
import {
  captureSource,
  createdAt,
  describe,
  functionName,
  sourceTraceback,
} from '../support/describe.ts';
import { isA, KeyboardInterrupt } from '../errors/errors.ts';
import { Context } from '../context/context.ts';
import { captureValues, current } from '../context/running.ts';
import type { Values } from '../context/running.ts';
import { showsText } from '../support/shows-text.ts';

/** Any function that can be scheduled. */
export type Callback<A extends unknown[] = any[]> = (...args: A) => unknown;

/** What debug mode records about a handle; kept outside it, so that handles stay small. */
interface HandleSource {
  readonly stack: string;
  /** The callback's name, for a handle that was cancelled and has dropped its callback. */
  readonly name: string;
}

const sources: WeakMap<Handle, HandleSource> = new WeakMap();

/** Debug mode: records where a handle was created. */
export function noteHandle(handle: Handle): void {
  sources.set(handle, { stack: captureSource(), name: functionName(handle._callback) });
}

/**
 * A callback that is waiting in the ready queue: what `callSoon` returns.
 *
 * @example
 * const handle = loop.callSoon(refresh);
 * handle.cancel(); // refresh is not called
 */
export class Handle implements Runnable {
  /** @internal */ _callback: Callback | null;
  /** @internal */ _args: unknown[] | undefined;
  /** @internal */ _values: Values;

  /** @internal */
  constructor(callback: Callback, args: unknown[] | undefined) {
    this._callback = callback;
    this._args = args;
    this._values = captureValues();
  }

  /**
   * Cancels the call, even in the turn in which it would run. The callback and its arguments are
   * released at once. A second cancel does nothing.
   */
  cancel(): void {
    this._callback = null;
    this._args = undefined;
  }

  /** Whether `cancel` was called. */
  cancelled(): boolean {
    return this._callback === null;
  }

  /** A copy of the context that the callback runs in. */
  getContext(): Context {
    return new Context(this._values);
  }

  /** Does nothing here: a callback in the ready queue always runs. Timers override it. */
  ref(): this {
    return this;
  }

  /** Does nothing here: only a timer can stop keeping the process alive. */
  unref(): this {
    return this;
  }

  /** @internal */
  _run(): unknown {
    const callback = this._callback;
    if (callback === null) return undefined;
    current.values = this._values;
    const args = this._args;
    try {
      return args === undefined ? callback() : callback(...args);
    } catch (error) {
      if (isA(error, KeyboardInterrupt)) throw error;
      this._failed(callback, error);
      return undefined;
    }
  }

  _failed(callback: Callback, exception: unknown): void {
    const source = sourceTraceback(sources.get(this)?.stack);
    current.loop!.callExceptionHandler({
      message: `Exception in callback ${functionName(callback)}()`,
      exception,
      handle: this,
      ...(source === undefined ? {} : { sourceTraceback: source }),
    });
  }

  toString(): string {
    return this._describe(this._callback);
  }

  /** @internal Its text with the given callback. Arguments are shown in debug mode only. */
  _describe(callback: Callback | null): string {
    const source = sources.get(this);
    let what = callback === null ? 'cancelled' : `${functionName(callback)}(`;
    if (callback === null) what += source === undefined ? '' : ` ${source.name}()`;
    // Arguments may be secrets.
    else what += `${source === undefined ? '' : (this._args ?? []).map(describe).join(', ')})`;
    return `<${this.constructor.name} ${what}${createdAt(sourceTraceback(source?.stack))}>`;
  }
}

showsText(Handle);

/** What a pending timer's handle calls: the timer table of its loop. */
export interface TimerOwner {
  cancel(handle: TimerHandle): void;
  keepAlive(slot: number, keep: boolean): void;
}

/** What `callLater` and `callAt` return. */
// Declares the members that it inherits from Handle through its prototype.
export interface TimerHandle extends Handle {}

/**
 * A scheduled callback: what `callLater` and `callAt` return. It is a Handle (`instanceof` agrees),
 * but sets its fields itself: calling the constructor of a base class would double the cost of
 * creating a timer.
 */
export class TimerHandle {
  /** @internal */ _callback: Callback | null;
  /** @internal */ _args: unknown[] | undefined;
  /** @internal */ _values: Values;
  /** @internal */ readonly _owner: TimerOwner | null;
  /** @internal Slot in the timer table; -1 once the timer has fired or been cancelled. */
  _slot: number;
  /** @internal */ readonly _when: number;

  /**
   * For custom loops: `new TimerHandle(null, callback, args, when)`; once cancelled it runs
   * nothing.
   *
   * @param owner - the timer table of an EventLoop, which it calls while the timer is pending
   * @param when - seconds on the loop's clock
   */
  constructor(
    owner: TimerOwner | null,
    callback: Callback,
    args: unknown[] | undefined,
    when: number,
  ) {
    this._callback = callback;
    this._args = args;
    this._values = captureValues();
    this._owner = owner;
    this._slot = -1;
    this._when = when;
  }

  /** When it is due, in seconds on `loop.time()`. */
  when(): number {
    return this._when;
  }

  cancel(): void {
    this._callback = null;
    this._args = undefined;
    if (this._slot >= 0) this._owner!.cancel(this);
  }

  /** Lets the process exit although this timer is pending. */
  unref(): this {
    if (this._slot >= 0) this._owner!.keepAlive(this._slot, false);
    return this;
  }

  /** Undoes `unref`: the pending timer keeps the process alive. */
  ref(): this {
    if (this._slot >= 0) this._owner!.keepAlive(this._slot, true);
    return this;
  }
}

Object.setPrototypeOf(TimerHandle.prototype, Handle.prototype);
Object.setPrototypeOf(TimerHandle, Handle);
