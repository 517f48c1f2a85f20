/** What a call gives that asyncio awaits, and that needs no wait here. */
import type { Awaitable } from '../core/types.ts';
export declare const DONE_ALREADY: Awaitable<void>;
