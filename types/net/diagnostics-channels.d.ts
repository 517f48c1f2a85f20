import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Transport } from './transport.ts';
/** The message of `oxbow:connection:open` and `oxbow:connection:close`. */
export interface ConnectionMessage {
    transport: Transport;
    loop: EventLoop;
    /** The error that broke the connection; else null. */
    error: unknown;
}
