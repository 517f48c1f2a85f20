/** Handles: what `callSoon` and `callLater` give, and what the ready queue runs. */
import { inspect } from 'node:util';

import type { Runnable } from '../native/rings.ts';
import { functionName } from './describe.ts';
import { KeyboardInterrupt } from './errors.ts';
import { Context } from './context.ts';
import { captureValues, current } from './running.ts';
import type { Values } from './running.ts';

/** Any function that can be scheduled. */
export type Callback<A extends unknown[] = any[]> = (...args: A) => unknown;

/** Where a handle was made, kept beside the handles since only debug mode knows it. */
export const handleSources: WeakMap<Handle, string> = new WeakMap();

/** A callback that is waiting in the ready queue. */
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
  _run(): void {
    const callback = this._callback;
    if (callback === null) return;
    current.values = this._values;
    const args = this._args;
    try {
      if (args === undefined) callback();
      else callback(...args);
    } catch (error) {
      if (error instanceof KeyboardInterrupt) throw error;
      this._failed(callback, error);
    }
  }

  _failed(callback: Callback, exception: unknown): void {
    const sourceTraceback = handleSources.get(this);
    current.loop!.callExceptionHandler({
      message: `Exception in callback ${functionName(callback)}()`,
      exception,
      handle: this,
      ...(sourceTraceback === undefined ? {} : { sourceTraceback }),
    });
  }

  toString(): string {
    const what = this._callback === null ? 'cancelled' : `${functionName(this._callback)}()`;
    const source = handleSources.get(this);
    const where = source === undefined ? '' : ` created ${source.split('\n')[0]!.trim()}`;
    return `<${this.constructor.name} ${what}${where}>`;
  }
}

Object.defineProperty(Handle.prototype, inspect.custom, {
  value(this: Handle): string { return this.toString(); },
});

/** What a pending timer's handle asks: the table of its loop. */
export interface TimerOwner {
  cancel(handle: TimerHandle): void;
  keepAlive(slot: number, keep: boolean): void;
}

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
    owner: TimerOwner | null, callback: Callback, args: unknown[] | undefined, when: number,
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
