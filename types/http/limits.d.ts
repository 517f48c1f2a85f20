import type { EventLoop } from '../core/event-loop.ts';
interface Cancellable {
    cancel(): void;
}
/**
 * What may end a request from outside: its time limits and its signal. When one strikes, its error
 * goes to whatever the request waits for at that moment, which `onExpire` says.
 */
export declare class Limits {
    #private;
    /** Ends the wait that is under way. */
    onExpire: ((error: Error) => void) | null;
    constructor(loop: EventLoop);
    /** Starts a time limit; nothing for null. @returns what takes this one back */
    arm(seconds: number | null, makeError: (seconds: number) => Error): Cancellable | null;
    /** @throws AbortError when the signal has aborted already */
    follow(signal: AbortSignal | undefined): void;
    cancel(): void;
}
export {};
