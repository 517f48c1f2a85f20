import type { EventLoop } from '../core/event-loop.ts';
interface Cancellable {
    cancel(): void;
}
/**
 * The time limits of one request. Each limit is a timer; when one passes, its error goes to
 * whatever the request waits for at that moment, which `onExpire` says.
 */
export declare class Limits {
    #private;
    /** Ends the wait that is under way. */
    onExpire: ((error: Error) => void) | null;
    constructor(loop: EventLoop);
    /** Starts a limit; nothing for null. @returns what takes this one back */
    arm(seconds: number | null, makeError: (seconds: number) => Error): Cancellable | null;
    cancel(): void;
}
export {};
