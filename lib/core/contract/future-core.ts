import type { Awaitable } from '../support/types.ts';
import type { LoopCore } from './loop-core.ts';

/** Woken at once, inside the call that settles the future: may only record and enqueue. */
export interface Waiter {
  _wake(future: FutureCore): void;
  /** The futures that finally continue because of it, for the call graph. */
  _awaiters?(): Iterable<FutureCore>;
  /** Whether it ignores the outcome, so that an error still counts as not retrieved. */
  readonly _looksOn?: boolean;
  /** Its text in the list of a future's callbacks. */
  _text?(): string;
}

/** What the rooms below Future (those that observe and describe it) know about a future. */
export interface FutureCore extends Awaitable<any> {
  /** @internal */ readonly _loop: LoopCore;
  /** @internal A constant of future/state.ts. */ _state: number;
  /** @internal The result, the error, or the reason of a cancel. */ _value: any;
  /** @internal */ _waiter: Waiter | null;

  /** Whether it has a result, an error, or was cancelled. */
  done(): boolean;
  /** Whether it has ended by a cancel. */
  cancelled(): boolean;
  /** Cancels it. @returns false when it was already done */
  cancel(reason?: unknown): boolean;

  /** @internal Whether it has failed, and nobody has looked at the error yet. */
  _isUnread(): boolean;
  /** @internal Where it was made, in debug mode. */
  _source(): string | undefined;
  /** @internal The stack where this task created it, in debug mode; undefined for other tasks. */
  _madeBy(task: object): string | undefined;
  /** @internal */
  _stateText(): string;
}
