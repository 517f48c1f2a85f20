import type { CompletionTarget, EventLoop } from '../core/event-loop.ts';
import type { MessageLimits } from '../native/binding.ts';
/** A listening socket: hands every accepted connection on, and outlives a lack of descriptors. */
export declare class Listener implements CompletionTarget {
    #private;
    readonly _generation: number;
    readonly address: string;
    readonly port: number;
    /** @throws an Error with `code` EADDRINUSE, EACCES, … when the address cannot be had */
    constructor(loop: EventLoop, address: string, port: number, flags: number, backlog: number, limits: MessageLimits | null, onAccept: (handle: number, generation: number) => void);
    _complete(op: number, words: Int32Array, at: number): void;
    close(): void;
}
