/**
 * The channels of `node:diagnostics_channel` on which connections are announced, as
 * loops are on theirs (core/observe/diagnostics-channels.ts).
 */
import { channel } from 'node:diagnostics_channel';
import type { Channel } from 'node:diagnostics_channel';

import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Transport } from './transport.ts';

/** The message of `oxbow:connection:open` and `oxbow:connection:close`. */
export interface ConnectionMessage {
  transport: Transport;
  loop: EventLoop;
  /** The error that broke the connection; else null. */
  error: unknown;
}

export const CONNECTION_OPEN: Channel = channel('oxbow:connection:open');
export const CONNECTION_CLOSE: Channel = channel('oxbow:connection:close');
