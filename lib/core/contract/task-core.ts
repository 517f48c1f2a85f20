import type { Runnable } from '../../native/rings.ts';
import type { Coro, CoroFunction } from '../support/types.ts';
import type { FutureCore } from './future-core.ts';

/** Context variables and their values; never changed, always replaced. */
export type Values = ReadonlyMap<object, unknown>;

/** What of the fields that most tasks never need is asked for below Task. */
export interface TaskExtrasCore {
  /** A context that is shared with others. */
  readonly context: { _values: Values } | null;
  /** Further futures that an async function waits for. */
  readonly alsoWaiting: ReadonlySet<FutureCore> | null;
}

/** What the rooms below Task, those that know who is running, watch and describe, know of one. */
export interface TaskCore extends FutureCore, Runnable {
  /** @internal The generator; before the first step, also a function that makes one. */
  readonly _coroutine: Coro<any> | CoroFunction<any> | null;
  /** @internal The function that it runs, unless it is a `function*`; for who asks where it is. */
  readonly _asyncFunction: CoroFunction<any> | null;
  /** @internal What it waits for. */
  readonly _waiting: FutureCore | null;
  /** @internal */
  _values: Values;
  /** @internal */
  readonly _extras: TaskExtrasCore | null;
  /** @internal How many cancel requests are outstanding. */
  readonly _requests: number;
  /** @internal The next in the loop's list of tasks. */
  readonly _next: TaskCore | null;

  /** The name given at the making or by `setName`; else `Task-` and a number. */
  getName(): string;

  /** @internal How it is shown among those who wait. */
  _text(): string;
  /** @internal Its async function waits for a future. */
  _asyncWaits(future: FutureCore): void;
  /** @internal The future is done. @returns the error of a cancel that came after that */
  _asyncWoken(future: FutureCore): Error | undefined;
}
