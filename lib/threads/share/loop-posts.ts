/**
 * A loop's side of posts from other threads: its shares, the tasks it runs for callers, and the
 * answers to its own calls. Created when a loop is shared, or calls another loop, for the first
 * time.
 *
 * Posts run as soon as they are taken, in the same turn: a post that was taken can no longer be
 * cancelled, and one that was cancelled must never run.
 */
import type { PostsTarget } from '../../core/loop/completions.ts';
import { coroutineKind, fromResult, isGenerator } from '../../core/task/coroutine.ts';
import { isA, KeyboardInterrupt, RuntimeError } from '../../core/errors/errors.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { current, NO_VALUES } from '../../core/context/running.ts';
import type { Task } from '../../core/task/task.ts';
import type { Awaitable, Coro, Coroutine } from '../../core/support/types.ts';
import {
  POST_KIND_BYTES,
  POST_KIND_CALL,
  POST_KIND_CANCEL,
  POST_KIND_ERROR,
  POST_KIND_RESULT,
  POST_KIND_START,
} from '../../native/layout.ts';
import { Calls } from './calls.ts';
import { packCloned } from './clone-error.ts';
import { packErrorMessage } from './remote-error.ts';
import { FUNCTIONS_MAX } from './share.ts';
import type { Share } from './share.ts';
import { Incoming, writeMessage, written } from './wire.ts';
import type { Packed } from './wire.ts';

/** The caller of a call, and its number for the call. */
interface Caller {
  readonly replyTo: number;
  readonly call: number;
}

export class LoopPosts implements PostsTarget {
  readonly inbox: number;
  /** The calls of this loop to others. */
  readonly calls: Calls;
  readonly #loop: EventLoop;
  readonly #incoming = new Incoming();
  readonly #shares = new Map<number, Share>();
  /** The tasks that run for callers: by the caller's inbox, then by call number. */
  readonly #tasks = new Map<number, Map<number, Task<any>>>();
  #lastShare = 0;
  /** How many answers this loop is waiting for. */
  #owed = 0;
  #still = false;

  constructor(loop: EventLoop) {
    this.#loop = loop;
    this.inbox = loop._engine.inbox();
    this.calls = new Calls(this.inbox, (change) => {
      if (loop.isClosed()) return;
      loop._rings.reference(change);
      this.#owed += change;
      this.#stopTime();
    });
  }

  /**
   * Simulated time stops while another thread owes this loop an answer. But not while this loop
   * runs tasks for others: the answer may depend on them, and on their timers.
   */
  #stopTime(): void {
    const still = this.#owed > 0 && this.#tasks.size === 0;
    if (still === this.#still) return;
    this.#still = still;
    this.#loop._engine.expectWake(still ? 1 : -1);
  }

  /** Adds a share. @returns its number */
  add(share: Share): number {
    this.#lastShare++;
    this.#shares.set(this.#lastShare, share);
    return this.#lastShare;
  }

  remove(number: number): void {
    this.#shares.delete(number);
  }

  closed(): void {
    for (const share of this.#shares.values()) share.end();
    this.#shares.clear();
    this.#tasks.clear();
    this.calls.fail();
  }

  drain(): void {
    for (let more = true; more;) {
      current.task = null;
      current.values = NO_VALUES;
      try {
        more = this.#incoming.take(this.#loop._engine);
        if (more) this.#deliver(this.#incoming);
      } catch (exception) {
        // The remaining posts are announced again in the next turn.
        if (isA(exception, KeyboardInterrupt)) throw exception;
        this.#report('Exception in a message of another thread', exception);
      }
    }
  }

  #report(message: string, exception: unknown, task?: Task<any>): void {
    this.#loop.callExceptionHandler({
      message,
      exception,
      ...(task === undefined ? {} : { task }),
    });
  }

  #deliver(post: Incoming): void {
    if (this.calls.take(post)) return;
    const caller = { replyTo: post.replyTo, call: post.call };
    switch (post.kind) {
      case POST_KIND_CALL:
        this.#callBack(post.target, post.values());
        break;
      case POST_KIND_BYTES:
        this.#callBack(post.target, [post.body()]);
        break;
      case POST_KIND_START:
        this.#start(post, caller);
        break;
      case POST_KIND_CANCEL:
        this.#tasks.get(caller.replyTo)?.get(caller.call)?.cancel(post.values()[0]);
        break;
      default:
    }
  }

  /** @throws RuntimeError when the function is not shared, or no longer */
  #find(target: number): Shared {
    const share = this.#shares.get(Math.floor(target / FUNCTIONS_MAX));
    const place = target % FUNCTIONS_MAX;
    const call = share?.calls[place];
    if (share === undefined || call === undefined) {
      throw new RuntimeError(`function ${target} is not shared, or not any more`);
    }
    return { owner: share.owner, name: share.names[place]!, call };
  }

  /** Handles `callSoonThreadsafe`. */
  #callBack(target: number, args: unknown[]): void {
    const shared = this.#find(target);
    try {
      if (coroutineKind(shared.call, true) === 'generator' || isAsync(shared.call)) {
        this.#loop.createTask(coroutineOf(shared, args));
        return;
      }
      const coroutine = waits(shared.call.apply(shared.owner, args));
      if (coroutine !== null) this.#loop.createTask(coroutine);
    } catch (exception) {
      if (isA(exception, KeyboardInterrupt)) throw exception;
      this.#report(`Exception in callback ${shared.name}()`, exception);
    }
  }

  /** Handles `runCoroutineThreadsafe`. */
  #start(post: Incoming, caller: Caller): void {
    let name = 'function';
    try {
      const shared = this.#find(post.target);
      name = shared.name;
      const task = this.#loop.createTask(coroutineOf(shared, post.values()));
      if (task.done()) {
        this.#ended(task, name, caller);
        return;
      }
      this.#keep(task, caller);
      task._addWaiter({ _wake: () => this.#ended(task, name, caller) });
    } catch (exception) {
      this.#sendError(exception, name, caller);
    }
  }

  #keep(task: Task<any>, { replyTo, call }: Caller): void {
    let ofCaller = this.#tasks.get(replyTo);
    if (ofCaller === undefined) this.#tasks.set(replyTo, (ofCaller = new Map()));
    ofCaller.set(call, task);
    this.#stopTime();
  }

  #ended(task: Task<any>, name: string, caller: Caller): void {
    const ofCaller = this.#tasks.get(caller.replyTo);
    if (ofCaller !== undefined) {
      ofCaller.delete(caller.call);
      if (ofCaller.size === 0) this.#tasks.delete(caller.replyTo);
      if (!this.#loop.isClosed()) this.#stopTime();
    }
    let result: unknown;
    try {
      result = task.result();
    } catch (error) {
      this.#sendError(error, name, caller, task);
      return;
    }
    try {
      this.#send(
        POST_KIND_RESULT,
        packCloned([result], () => `the result of ${name}()`),
        caller,
      );
    } catch (error) {
      this.#sendError(error, name, caller, task);
    }
  }

  #send(kind: number, packed: Packed, { replyTo, call }: Caller): boolean {
    if (this.#loop.isClosed()) return false;
    const size = writeMessage(kind, call, 0, this.inbox, packed);
    return this.#loop._engine.postAnswer(replyTo, call, written, size) >= 0;
  }

  #sendError(error: unknown, name: string, caller: Caller, task?: Task<any>): void {
    if (this.#send(POST_KIND_ERROR, packErrorMessage(error), caller)) return;
    if (this.#loop.isClosed() || task?.cancelled() === true) return;
    this.#report(`Exception in ${name}(), whose caller has gone`, error, task);
  }
}

/** A shared function, with the object it is called on. */
interface Shared {
  readonly owner: object;
  readonly name: string;
  readonly call: Function;
}

function isAsync(call: Function): boolean {
  return (call as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] === 'AsyncFunction';
}

/** The call as a coroutine; for a plain function, a coroutine that calls it. */
function coroutineOf({ owner, call }: Shared, args: unknown[]): Coroutine<unknown> {
  if (coroutineKind(call, true) === 'generator') return call.apply(owner, args) as Coro;
  if (isAsync(call)) return () => call.apply(owner, args) as Promise<unknown>;
  return callPlain(owner, call, args);
}

function* callPlain(owner: object, call: Function, args: unknown[]): Coro {
  const made: unknown = call.apply(owner, args);
  const coroutine = waits(made);
  return coroutine === null ? made : yield* coroutine;
}

/**
 * The coroutine to wait for if a plain function returned an awaitable, otherwise null; other
 * iterables, such as arrays, are plain values.
 */
function waits(made: unknown): Coro | null {
  if (typeof made !== 'object' || made === null) return null;
  const waitable = isGenerator(made) || typeof (made as Partial<Awaitable>).then === 'function';
  return waitable ? fromResult(made) : null;
}

/** The posts of a loop; created by the first call. @throws RuntimeError when the loop is closed */
export function postsOf(loop: EventLoop): LoopPosts {
  if (loop._posts instanceof LoopPosts) return loop._posts;
  loop._checkClosed();
  const posts = new LoopPosts(loop);
  loop._posts = posts;
  return posts;
}
