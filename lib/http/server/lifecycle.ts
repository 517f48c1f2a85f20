/**
 * The hooks of a server: `onStart` before it listens, `onStop` after its last connection has
 * closed.
 */
import { ExceptionGroup } from '../../core/errors/exception-group.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Coro } from '../../core/support/types.ts';
import { describe } from '../message/outgoing-body.ts';
import { startedBy } from '../message/started-by.ts';
import { isAsyncFunction } from './middleware-chain.ts';
import type { HttpServer } from './server.ts';

/**
 * Releases what a start hook acquired: a function, which may be a coroutine, or a disposable
 * object.
 */
export type Teardown =
  | (() => unknown)
  | { [Symbol.dispose](): unknown }
  | { [Symbol.asyncDispose](): unknown };

/**
 * Called before the server listens: a plain, a `function*` or an `async` function. It may return a
 * Teardown.
 */
export type StartHook = (
  server: HttpServer,
) => void | Teardown | PromiseLike<void | Teardown> | Coro<void | Teardown>;

/** Called when the server ends: a plain, a `function*` or an `async` function. */
export type StopHook = (server: HttpServer) => unknown;

/** The hooks as an array. @throws TypeError unless it is a function or an array of functions */
export function checkHooks<Hook>(name: string, given: Hook | readonly Hook[] | undefined): Hook[] {
  const hooks = Array.isArray(given) ? (given as Hook[]) : given === undefined ? [] : [given];
  for (const hook of hooks) {
    if (typeof hook === 'function') continue;
    throw new TypeError(`${name} must be a function or an array of them, not ${describe(hook)}`);
  }
  return [...hooks] as Hook[];
}

export class Lifecycle {
  readonly #server: HttpServer;
  readonly #starts: readonly StartHook[];
  readonly #stops: readonly StopHook[];
  /** What is to be called at the end, last one first. */
  readonly #teardowns: (() => unknown)[] = [];

  constructor(server: HttpServer, starts: readonly StartHook[], stops: readonly StopHook[]) {
    this.#server = server;
    this.#starts = starts;
    this.#stops = stops;
  }

  /** Whether there is nothing to do at the end. */
  get isOver(): boolean {
    return this.#teardowns.length === 0;
  }

  /**
   * Calls the start hooks one after the other. When one fails, the caller must call `stop`, which
   * releases what the hooks before it acquired.
   */
  *start(): Coro<void> {
    for (const hook of this.#starts) {
      const given = yield* called(this.#server._loop, () => hook(this.#server));
      const teardown = teardownOf(given);
      if (teardown !== null) this.#teardowns.push(teardown);
    }
    for (const hook of this.#stops) this.#teardowns.push(() => hook(this.#server));
  }

  /**
   * Calls all teardowns and stop hooks, even if some fail.
   * @throws the error of one, or an ExceptionGroup of several
   */
  *stop(): Coro<void> {
    const errors: unknown[] = [];
    for (let next = this.#teardowns.pop(); next !== undefined; next = this.#teardowns.pop()) {
      try {
        yield* called(this.#server._loop, next);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new ExceptionGroup('errors while the server was ended', errors);
  }
}

function* called(loop: EventLoop, hook: () => unknown): Coro<unknown> {
  const result = isAsyncFunction(hook) ? loop._startTask(hook as () => Promise<unknown>) : hook();
  const future = startedBy(loop, result);
  return future === null ? result : yield* future;
}

function teardownOf(given: unknown): (() => unknown) | null {
  if (given === undefined || given === null) return null;
  if (typeof given === 'function') return given as () => unknown;
  const disposable = given as Record<symbol, unknown>;
  for (const symbol of [Symbol.asyncDispose, Symbol.dispose]) {
    const dispose = disposable[symbol];
    if (typeof dispose === 'function') return () => dispose.call(given) as unknown;
  }
  throw new TypeError(
    `onStart must give nothing, a function or something to dispose of, not ${describe(given)}`,
  );
}
