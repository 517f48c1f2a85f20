import type { Coro } from '../../core/support/types.ts';
import type { HttpServer } from './server.ts';
/** Gives back what a hook has taken: a function in either lane, or something to dispose of. */
export type Teardown = (() => unknown) | {
    [Symbol.dispose](): unknown;
} | {
    [Symbol.asyncDispose](): unknown;
};
/** Prepares something, in either lane, and may say how to give it back. */
export type StartHook = (server: HttpServer) => void | Teardown | PromiseLike<void | Teardown> | Coro<void | Teardown>;
/** Ends something, in either lane. */
export type StopHook = (server: HttpServer) => unknown;
