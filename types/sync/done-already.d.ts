import type { Awaitable } from '../core/types.ts';
export declare const DONE_ALREADY: Awaitable<void>;
