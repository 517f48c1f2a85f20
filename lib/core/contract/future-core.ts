import type { Awaitable } from '../support/types.ts';
import type { LoopCore } from './loop-core.ts';

/** Told at once, inside the call that settles the future; must only make notes and enqueue. */
export interface Waiter {
  _wake(future: FutureCore): void;
  /** Who goes on in the end because of it, for the call graph; a future stands for itself. */
  _awaiters?(): Iterable<FutureCore>;
  /** Whether it has no use for the outcome, so that an error may still get lost. */
  readonly _looksOn?: boolean;
  /** How it is shown among the callbacks of a future. */
  _text?(): string;
}

/** What the rooms below Future, those that watch it and describe it, know of one. */
export interface FutureCore extends Awaitable<any> {
  /** @internal */ readonly _loop: LoopCore;
  /** @internal One of those in future/state.ts. */ _state: number;
  /** @internal The result, the error, or the reason of a cancel. */ _value: any;
  /** @internal */ _waiter: Waiter | null;

  /** Whether it has a result, an error, or was cancelled. */
  done(): boolean;
  /** Whether it has ended by a cancel. */
  cancelled(): boolean;
  /** Cancels it. @returns false when it was done already */
  cancel(reason?: unknown): boolean;

  /** @internal Whether it has failed, and nobody has looked at the error yet. */
  _isUnread(): boolean;
  /** @internal Where it was made, in debug mode. */
  _source(): string | undefined;
  /** @internal The stack of its making, in debug mode, when it was made by this task. */
  _madeBy(task: object): string | undefined;
  /** @internal */
  _stateText(): string;
}
