import type { EventLoop } from '../../core/loop/event-loop.ts';
/** What all messages about requests have. */
export interface RequestMessage {
    loop: EventLoop;
    /** Status of the response; null before there is one, and when none was sent or came. */
    status: number | null;
    /** Seconds since the start, on the loop's clock. */
    duration: number;
    /** What went wrong, or null. */
    error: unknown;
}
