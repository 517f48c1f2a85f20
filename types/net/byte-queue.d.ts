/**
 * Received bytes that nobody has taken yet, always in one piece.
 *
 * A single chunk is kept as it is and handed out as it is. When a second one joins it, both are
 * copied into memory of the queue's own, which at least doubles, so a byte is copied a constant
 * number of times however small the pieces are. Bytes that were handed out are never written
 * again: new ones go behind the old, or into new memory.
 */
export declare const EMPTY: Buffer;
export declare class ByteQueue {
    #private;
    get size(): number;
    push(data: Buffer): void;
    /** Puts bytes before everything else: they were taken and given back. */
    unshift(data: Buffer): void;
    /** Takes the first `count` bytes, or all when there are fewer. */
    take(count: number): Buffer;
    clear(): void;
    /** Where `wanted` begins at or after byte `from`, -1 when it is not there. */
    indexOf(wanted: Buffer, from: number): number;
}
