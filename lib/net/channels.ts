/**
 * The channels of `node:diagnostics_channel` on which connections tell that they are there, as
 * loops do on theirs (core/observe/channels.ts).
 */
import { channel } from 'node:diagnostics_channel';
import type { Channel } from 'node:diagnostics_channel';

import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Transport } from './transport.ts';

/** What `oxbow:connection:open` and `oxbow:connection:close` are told. */
export interface ConnectionMessage {
  transport: Transport;
  loop: EventLoop;
  /** Of a connection that broke, what broke it; else null. */
  error: unknown;
}

export const CONNECTION_OPEN: Channel = channel('oxbow:connection:open');
export const CONNECTION_CLOSE: Channel = channel('oxbow:connection:close');
