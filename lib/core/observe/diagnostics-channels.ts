/**
 * The channels of `node:diagnostics_channel` on which loops tell what happens to them; what is
 * told stands in loop/diagnostics-messages.ts. Held here as constants, so that a channel without
 * subscribers costs one test of a property, where anything is published: never for a callback.
 *
 * A subscriber that throws does not reach the loop: Node makes an uncaught exception of it.
 */
import { channel } from 'node:diagnostics_channel';
import type { Channel } from 'node:diagnostics_channel';

export const LOOP_CREATE: Channel = channel('oxbow:loop:create');
export const LOOP_START: Channel = channel('oxbow:loop:start');
export const LOOP_STOP: Channel = channel('oxbow:loop:stop');
export const LOOP_CLOSE: Channel = channel('oxbow:loop:close');
export const TASK_CREATE: Channel = channel('oxbow:task:create');
export const TASK_DONE: Channel = channel('oxbow:task:done');
export const CALLBACK_SLOW: Channel = channel('oxbow:callback:slow');
export const CALLBACK_ERROR: Channel = channel('oxbow:callback:error');
