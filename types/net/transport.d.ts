import { Connection } from './connection.ts';
import { type Data } from './data.ts';
import { type WriteBufferLimits } from './watermarks.ts';
/**
 * A TCP connection as its protocol sees it. Made by `createServer` and `createConnection`, never
 * with `new`.
 */
export declare class Transport extends Connection {
    _high: number;
    _low: number;
    /** Bytes written since the submission epoch `_epoch`: C++ has not counted them yet. */
    _unsent: number;
    _epoch: number;
    _late: number;
    /**
     * Sends data. Never waits: what the kernel does not take at once is kept and sent in order, and
     * everything written to a connection in one turn leaves together. After `close()` or once the
     * connection is lost the data is dropped silently.
     *
     * @param data - text (as UTF-8) or bytes; they are taken over before the call returns
     * @throws TypeError when data is neither
     * @throws RuntimeError after `writeEof()`
     */
    write(data: Data): void;
    _writeText(text: string): void;
    _writeBytes(bytes: Uint8Array): void;
    /** Past the size where a copy is cheaper than a call: sent from its place, leftover copied. */
    _writeLarge(bytes: Uint8Array): void;
    _wrote(length: number): void;
    _refuse(): void;
    _pauseWriting(): void;
    _notifyDrain(): void;
    _drained(): void;
    /**
     * Sends several pieces, in order, as {@link write}.
     * @throws TypeError when `pieces` is not iterable or a piece is neither text nor bytes
     */
    writelines(pieces: Iterable<Data>): void;
    /** Closes our direction once everything written is sent; the peer may go on sending. */
    writeEof(): void;
    /** True: TCP can close one direction. */
    canWriteEof(): boolean;
    /** Bytes that were written and that the kernel has not taken yet. */
    getWriteBufferSize(): number;
    /** `[low, high]` in bytes; by default 16 KiB and 64 KiB. */
    getWriteBufferLimits(): [low: number, high: number];
    /**
     * When `pauseWriting` and `resumeWriting` are called: above `high`, and at or below `low`. Either
     * may be left out: `low` is then a quarter of `high`, and `high` four times `low`.
     * @throws RangeError unless high >= low >= 0
     */
    setWriteBufferLimits(limits?: WriteBufferLimits): void;
}
