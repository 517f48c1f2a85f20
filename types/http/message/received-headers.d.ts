import type { MessageHead } from './head-chunk.ts';
import type { ReadonlyHeaders } from './headers.ts';
/**
 * The header fields of a received message, decoded on demand: the bytes stay in the chunk they were
 * received into, with a table by C++ of the position of each field.
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
    /** Calls `callback` once for each name, as WHATWG's `forEach` does. */
    forEach(callback: (value: string, name: string, headers: this) => void): void;
    [Symbol.iterator](): IterableIterator<[string, string]>;
    toString(): string;
}
