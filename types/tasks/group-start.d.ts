import type { Coro } from '../core/support/types.ts';
/** The body of a child that is started; it calls `ready` once. */
export type StartBody<V> = (ready: (value: V) => void) => Coro<unknown> | PromiseLike<unknown>;
