import { ThreadFuture } from './thread-future.ts';
import { Incoming } from './wire.ts';
import type { Packed } from './wire.ts';
/** Posts what `writeMessage` has written. @throws RuntimeError when the loop does not take it */
export declare function postWritten(inbox: number, size: number): number;
export declare class Calls {
    #private;
    /**
     * @param inbox - where answers are to be sent
     * @param hold - told when a call begins (+1) and when it is done (-1)
     */
    constructor(inbox: number, hold: (change: 1 | -1) => void);
    /** Calls a function of another loop. @throws RuntimeError when that is closed */
    start<T>(inbox: number, target: number, packed: Packed): ThreadFuture<T>;
    /** Takes an answer. @returns false when the message is none */
    take(message: Incoming): boolean;
    /** The loop that the answers were to come to is closed. */
    fail(): void;
}
/** The calls that are made where no loop runs. They keep the thread alive until answered. */
export declare function threadCalls(): Calls;
