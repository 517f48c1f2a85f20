import type { MessageHead } from './head-chunk.ts';
import type { ReadonlyHeaders } from './headers.ts';
/**
 * The header fields of a received message. Nothing is decoded before it is asked for: the bytes
 * stay in the chunk that they were received into, and C++ left a table of where each field stands.
 */
export declare class ReceivedHeaders implements ReadonlyHeaders {
    #private;
    constructor(chunk: MessageHead, record: number);
    get(name: string): string | null;
    has(name: string): boolean;
    getSetCookie(): string[];
    entries(): IterableIterator<[string, string]>;
    keys(): IterableIterator<string>;
    values(): IterableIterator<string>;
    /** Each name once, as WHATWG has it, which is how records are made of fields. */
    forEach(callback: (value: string, name: string, headers: this) => void): void;
    [Symbol.iterator](): IterableIterator<[string, string]>;
    toString(): string;
}
