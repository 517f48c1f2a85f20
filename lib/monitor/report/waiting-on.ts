/** A short description of what a task waits for. */
import type { Future } from '../../core/future/future.ts';
import { isTask } from '../../core/task/task.ts';

/** The description of a plain future, which anybody may have made. */
export const ANY_FUTURE = 'a future';

/** Classes of futures that calls of this package return, and the names of the calls. */
const CALLS: Readonly<Record<string, string>> = {
  Arrival: 'Barrier.wait',
  ConditionWait: 'Condition.wait',
  Drain: 'TaskGroup',
  ExecutorFuture: 'an executor',
  Follower: 'another thread',
  Future: ANY_FUTURE,
  Gather: 'gather',
  Get: 'Queue.get',
  LockAcquire: 'Lock.acquire',
  Lookup: 'getaddrinfo',
  NextDone: 'asCompleted',
  NextResult: 'asCompleted',
  NextTurn: 'sleep(0)',
  PromiseFuture: 'a Promise',
  Put: 'Queue.put',
  ReadRequest: 'StreamReader.read',
  SemaphoreAcquire: 'Semaphore.acquire',
  Shield: 'shield',
  Sleep: 'sleep',
  Starting: 'TaskGroup.start',
  Step: 'the next item',
  Wait: 'wait',
  WaitFor: 'waitFor',
  Waiting: 'Event.wait or Queue.join',
};

/** Describes a future for the readers of a list of tasks. */
export function waitingOn(future: Future<any>): string {
  if (isTask(future)) return `task ${future.getName()}`;
  const name: unknown = Object.getPrototypeOf(future)?.constructor?.name;
  if (typeof name !== 'string' || name === '') return ANY_FUTURE;
  return Object.hasOwn(CALLS, name) ? CALLS[name]! : name;
}
