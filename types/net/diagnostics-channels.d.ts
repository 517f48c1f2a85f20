import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Transport } from './transport.ts';
/** What `oxbow:connection:open` and `oxbow:connection:close` carry. */
export interface ConnectionMessage {
    transport: Transport;
    loop: EventLoop;
    /** Of a connection that broke, what broke it; else null. */
    error: unknown;
}
