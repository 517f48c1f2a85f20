/**
 * The channels of `node:diagnostics_channel` on which loops publish their events; the messages are
 * in loop/diagnostics-messages.ts. Held here as constants, so that a channel without subscribers
 * costs one test of a property for each event. Nothing is published per callback.
 *
 * An error thrown by a subscriber does not reach the loop: Node makes it an uncaught exception.
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
