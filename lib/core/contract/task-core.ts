import type { Runnable } from '../../native/rings.ts';
import type { Coro, CoroFunction } from '../support/types.ts';
import type { FutureCore } from './future-core.ts';

/** Context variables and their values; never changed, always replaced. */
export type Values = ReadonlyMap<object, unknown>;

/** The rarely used fields of a task that rooms below Task read. */
export interface TaskExtrasCore {
  /** A context that is shared with others. */
  readonly context: { _values: Values } | null;
  /** Futures beyond the first that an async function waits for at the same time. */
  readonly alsoWaiting: ReadonlySet<FutureCore> | null;
}

/** What the rooms below Task (those that observe and describe it) know about a task. */
export interface TaskCore extends FutureCore, Runnable {
  /** @internal The generator; before the first step, also a function that makes one. */
  readonly _coroutine: Coro<any> | CoroFunction<any> | null;
  /** @internal The function that it runs, unless it is a `function*`; used to locate the task. */
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

  /** The name given to `createTask` or `setName`; by default `Task-` and a number. */
  getName(): string;

  /** @internal Its text in the list of a future's waiters. */
  _text(): string;
  /** @internal Its async function waits for a future. */
  _asyncWaits(future: FutureCore): void;
  /** @internal The future is done. @returns the error to throw if a cancel came after that */
  _asyncWoken(future: FutureCore): Error | undefined;
}
