import type { EventLoop } from '../core/event-loop.ts';
/**
 * The text of the Date header, made at most once a second. Only a server that answers makes it:
 * the timer that ages the text is armed when the text is made, and by nothing else.
 */
export declare class HttpDate {
    #private;
    /** @param onStale - called when the text given out is no longer right */
    constructor(loop: EventLoop, onStale: () => void);
    /** The date now; `onStale` follows when the second is over. */
    make(): string;
}
