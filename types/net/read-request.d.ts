import { Future } from '../core/future.ts';
import type { Yieldable } from '../core/types.ts';
import type { StreamReader } from './stream-reader.ts';
/** At least one byte, at most `count`. */
export declare const ANY = 0;
/** Exactly `count` bytes. */
export declare const EXACTLY = 1;
/** Everything up to the end of the stream. */
export declare const ALL = 2;
/** Up to and with a separator. */
export declare const UNTIL = 3;
/** The same, but the end of the stream ends it too. */
export declare const LINE = 4;
/**
 * The future of a read that has to wait. The bytes stay in the reader until there are enough, so
 * cancelling it loses nothing.
 *
 * Between the moment it is settled and the turn in which the task goes on, the task may still be
 * cancelled. In asyncio the bytes are then untouched, because the task takes them only when it
 * runs. Here they are handed over at once, so a cancel that comes before anybody has looked puts
 * them back and makes this future a cancelled one.
 */
export declare class ReadRequest extends Future<Buffer> {
    /** @internal */ readonly _reader: StreamReader;
    /** @internal */ readonly _kind: number;
    /** @internal */ readonly _count: number;
    /** @internal */ readonly _separators: readonly Buffer[] | null;
    /** @internal Bytes of the reader's buffer in which no separator begins. */
    _scanned: number;
    /** @internal Somebody has the bytes. */
    _taken: boolean;
    constructor(reader: StreamReader, kind: number, count: number, separators: readonly Buffer[] | null);
    cancel(reason?: unknown): boolean;
    result(): Buffer;
    /** @internal */
    next(): IteratorResult<Yieldable, Buffer>;
    then<A = Buffer, B = never>(fulfilled?: ((value: Buffer) => A | PromiseLike<A>) | null, rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B>;
}
