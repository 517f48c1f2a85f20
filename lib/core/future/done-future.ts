/** Futures that are created already done. */
import type { LoopCore } from '../contract/loop-core.ts';
import { DONE, Future } from './future.ts';

/** A future that has its result already: awaiting it costs no turn. */
export function doneFuture<T>(holder: { loop: LoopCore }, value: T): Future<T> {
  const future = new Future<T>(holder);
  future._settle(DONE, value);
  return future;
}

/** A future that has failed already. */
export function failedFuture<T>(holder: { loop: LoopCore }, error: unknown): Future<T> {
  const future = new Future<T>(holder);
  future._fail(error);
  return future;
}
