/** Handles: what `callSoon` and `callLater` give, and what the ready queue runs. */
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

/** What debug mode knows of a handle, kept beside the handles since nobody else does. */
interface HandleSource {
  readonly stack: string;
  /** For when the handle has been cancelled and has let go of its callback. */
  readonly name: string;
}

const sources: WeakMap<Handle, HandleSource> = new WeakMap();

/** Debug mode: a handle has been made. */
export function noteHandle(handle: Handle): void {
  sources.set(handle, { stack: captureSource(), name: functionName(handle._callback) });
}

/**
 * A callback that is waiting in the ready queue: what `callSoon` gives.
 *
 * @example
 * const handle = loop.callSoon(refresh);
 * handle.cancel(); // it is not called
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
   * Takes the callback back, also when its turn has begun. The callback and its arguments are let
   * go of at once. A second cancel does nothing.
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

  /** A callback in the ready queue always runs, so this changes nothing; timers override it. */
  ref(): this {
    return this;
  }

  /** The same: only a timer can stop keeping the process alive. */
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

  /** @internal As it was with that callback. The arguments are shown in debug mode only. */
  _describe(callback: Callback | null): string {
    const source = sources.get(this);
    let what = callback === null ? 'cancelled' : `${functionName(callback)}(`;
    if (callback === null) what += source === undefined ? '' : ` ${source.name}()`;
    // They may be secrets.
    else what += `${source === undefined ? '' : (this._args ?? []).map(describe).join(', ')})`;
    return `<${this.constructor.name} ${what}${createdAt(sourceTraceback(source?.stack))}>`;
  }
}

showsText(Handle);

/** What a pending timer's handle asks: the table of its loop. */
export interface TimerOwner {
  cancel(handle: TimerHandle): void;
  keepAlive(slot: number, keep: boolean): void;
}

/** What `callLater` and `callAt` give. */
// The members it has from Handle, through its prototype.
export interface TimerHandle extends Handle {}

/**
 * A callback that waits for its time. It is a Handle (`instanceof` says so), but sets its fields
 * itself: one is made for every timer, and calling the constructor of a base class would double
 * what that costs.
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
   * For loops of one's own: `new TimerHandle(null, callback, args, when)`; a cancelled one runs
   * nothing.
   *
   * @param owner - the timer table of an EventLoop, told while the timer is pending
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

  /** The time it is due, in seconds on `loop.time()`. */
  when(): number {
    return this._when;
  }

  cancel(): void {
    this._callback = null;
    this._args = undefined;
    if (this._slot >= 0) this._owner!.cancel(this);
  }

  /** Lets the process end although this timer is still to come. */
  unref(): this {
    if (this._slot >= 0) this._owner!.keepAlive(this._slot, false);
    return this;
  }

  /** Takes `unref` back. */
  ref(): this {
    if (this._slot >= 0) this._owner!.keepAlive(this._slot, true);
    return this;
  }
}

Object.setPrototypeOf(TimerHandle.prototype, Handle.prototype);
Object.setPrototypeOf(TimerHandle, Handle);
