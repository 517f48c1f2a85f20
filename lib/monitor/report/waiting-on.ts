/** What a task waits for, in a few words. */
import type { Future } from '../../core/future/future.ts';
import { isTask } from '../../core/task/task.ts';

/** What is said of a future that anybody may have made. */
export const ANY_FUTURE = 'a future';

/** The futures of our own calls go by the name of the call. */
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

/** A future's kind, for readers of a list of tasks. */
export function waitingOn(future: Future<any>): string {
  if (isTask(future)) return `task ${future.getName()}`;
  const name: unknown = Object.getPrototypeOf(future)?.constructor?.name;
  if (typeof name !== 'string' || name === '') return ANY_FUTURE;
  return Object.hasOwn(CALLS, name) ? CALLS[name]! : name;
}
