import type { EventLoop } from '../../core/loop/event-loop.ts';
/** The properties common to all messages about requests. */
export interface RequestMessage {
    loop: EventLoop;
    /** The status of the response; null before there is one, or when there is none. */
    status: number | null;
    /** Seconds since the start of the request, on the loop's clock. */
    duration: number;
    /** The error, or null. */
    error: unknown;
}
