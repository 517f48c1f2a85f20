import type { Coro } from '../../core/support/types.ts';
import type { HttpServer } from './server.ts';
/**
 * Releases what a start hook acquired: a function, which may be a coroutine, or a disposable
 * object.
 */
export type Teardown = (() => unknown) | {
    [Symbol.dispose](): unknown;
} | {
    [Symbol.asyncDispose](): unknown;
};
/**
 * Called before the server listens: a plain, a `function*` or an `async` function. It may return a
 * Teardown.
 */
export type StartHook = (server: HttpServer) => void | Teardown | PromiseLike<void | Teardown> | Coro<void | Teardown>;
/** Called when the server ends: a plain, a `function*` or an `async` function. */
export type StopHook = (server: HttpServer) => unknown;
