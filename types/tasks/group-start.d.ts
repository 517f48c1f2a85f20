import type { Coro } from '../core/support/types.ts';
/** The body of the child; it must call `ready` once. */
export type StartBody<V> = (ready: (value: V) => void) => Coro<unknown> | PromiseLike<unknown>;
