import {
  current,
  enteredLateCall,
  enterLateCall,
  type LateCall,
  leaveLateCall,
} from '../context/running.ts';
import type { LoopCore } from '../contract/loop-core.ts';
import type { CoroFunction } from '../support/types.ts';
import { CallTask, safely } from './call-task.ts';
import { runEagerly } from './eager-step.ts';
import type { Task } from './task.ts';

/** A task whose first step is under way already, outside of it. */
class LateTask<T> extends CallTask<T> {
  /** @internal */
  override _firstStep(): void {}

  /** @internal Goes on with what the call returned or threw. */
  _start(body: () => unknown): void {
    this._coroutine = () => safely(body()) as PromiseLike<T>;
    if (!runEagerly(this)) this._loop._enqueue(this);
  }

  /** @internal A cancel that came during the call is delivered where it waits first. */
  override _begin(start: CoroFunction<T>): IteratorResult<unknown, T> | undefined {
    const throwing = this._throwing;
    this._throwing = 0;
    try {
      return super._begin(start);
    } finally {
      this._throwing |= throwing;
    }
  }
}

/**
 * A call that gets a task only when it needs one: when it asks for the running task, or returns a
 * promise. A handler that returns its response directly, as most do, needs none, and a task costs
 * as much as all the rest of a small request. But nobody knows beforehand: the same handler may
 * call `async` code for the next request. So until it has returned, this object stands where both
 * the call and what it awaits look for their task.
 *
 * @example
 * const call = LateTaskCall.begin(loop, false);
 * try { made = handler(request); } catch (error) { return call.threw(error); }
 * return call.returned(made);
 */
export class LateTaskCall implements LateCall {
  // Declared and not defined, so that V8 creates the object within the code that handles a request.
  declare readonly _loop: LoopCore;
  declare _task: LateTask<any> | null;

  constructor(loop: LoopCore) {
    this._loop = loop;
    this._task = null;
    enterLateCall(this);
  }

  /**
   * Only where it is possible.
   * @param isShared - whether calls of one dispatch may share the object until one of them needs a
   *   task, which is cheaper; what an earlier one has left running would be taken for a part of
   *   that task
   */
  static begin(loop: LoopCore, isShared: boolean): LateTaskCall {
    let call = isShared ? (enteredLateCall() as LateTaskCall | null) : null;
    if (call === null || call._loop !== loop) call = new LateTaskCall(loop);
    current.call = call;
    return call;
  }

  /** Whether a call may be made so at this place. */
  static isPossible(): boolean {
    return current.loop !== null && current.task === null && current.call === null;
  }

  /** The task, which is created now if it is needed for the first time. */
  _need(): LateTask<any> {
    if (this._task !== null) return this._task;
    // What creates a task may ask for the running one.
    const { call } = current;
    current.call = null;
    this._task = new LateTask(() => undefined as never, this._loop._plain);
    current.call = call;
    return this._task;
  }

  /** The call is over. @returns what it returned, or the task that goes on with that */
  returned<T>(made: T): T | Task<any> {
    // First of all: `made` may have a `then` that throws when it is looked at.
    current.call = null;
    if (this._task === null && !isPromiseLike(made)) return made;
    return this._goOn(() => made);
  }

  /** The call is over. @throws `error` itself, when there is no task that could fail with it */
  threw(error: unknown): Task<any> {
    current.call = null;
    if (this._task !== null) {
      return this._goOn(() => {
        throw error;
      });
    }
    throw error;
  }

  private _goOn(body: () => unknown): Task<any> {
    const task = this._need();
    // What is called next is no part of this call.
    leaveLateCall();
    task._values = current.values;
    task._start(body);
    return task;
  }
}

function isPromiseLike(made: unknown): boolean {
  if (typeof made !== 'object' || made === null) return false;
  return typeof (made as PromiseLike<unknown>).then === 'function';
}
