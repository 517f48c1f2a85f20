import type { CompletionTarget, EventLoop } from '../core/event-loop.ts';
import type { Rings } from '../native/rings.ts';
import { Outbox } from './outbox.ts';
/** Where writing pauses and where it goes on, in bytes that are unsent. */
export interface Watermarks {
    readonly low: number;
    readonly high: number;
}
export declare const DEFAULT_WATERMARKS: Watermarks;
export declare abstract class NativeStream implements CompletionTarget {
    #private;
    readonly _loop: EventLoop;
    readonly _rings: Rings;
    readonly _handle: number;
    readonly _generation: number;
    _watermarks: Watermarks;
    /** Bytes written since the submission epoch `_epoch`: C++ has not counted them yet. */
    _fresh: number;
    _epoch: number;
    /** What C++ has no room for; null while the peer keeps up. */
    _outbox: Outbox | null;
    protected constructor(loop: EventLoop, handle: number, generation: number);
    abstract _complete(op: number, words: Int32Array, at: number): void;
    /** What is unsent has fallen to the low watermark. May be called when nobody waits for it. */
    abstract _drained(): void;
    /** The peer sends nothing more. */
    abstract _onEnd(): void;
    /** The connection is broken; `_dropAndClose` is what is left to do. */
    abstract _onFailed(error: Error): void;
    /** The descriptor is closed and the handle is somebody else's. Nothing is told after this. */
    abstract _onClosed(): void;
    /** The completions that mean the same to every stream. */
    _completeCommon(op: number, words: Int32Array, at: number): void;
    /** Writes text as UTF-8. @returns the bytes that are unsent now, as all of the writes do */
    _writeUtf8(text: string): number;
    /** Writes text whose characters are all below 256, one byte each. */
    _writeLatin1(text: string): number;
    /** Writes bytes. More than 64 KiB may stay where they are until they are sent. */
    _writeBytes(bytes: Uint8Array): number;
    /** Sends what the caller has put into the arena, at a place that it reserved, with no outbox. */
    _writeReserved(offset: number, length: number): number;
    /** Bytes that were written and that the kernel has not taken yet. */
    _unsent(): number;
    /** Whether more than the high watermark is unsent, also after the kernel was asked to take it. */
    _isFull(): boolean;
    /**
     * Asks for `_drained()`. What waits here goes to C++ when that has nothing left.
     * @param below - bytes that C++ still has when it looks here again
     */
    _notifyDrain(below?: number): void;
    /** Closes our direction once everything is sent. */
    _shutdownWhenSent(): void;
    /** Reads nothing more, and closes once everything is sent. */
    _closeWhenSent(): void;
    /** Closes at once; what is unsent is dropped. */
    _dropAndClose(): void;
    /** @param flags - `READ_…` of the layout */
    _startReading(flags?: number): void;
    _stopReading(): void;
    _submit(op: number, flags?: number, value?: number): void;
}
/** Closes a handle that has no target of its own (yet, or any more). */
export declare function discard(loop: EventLoop, handle: number, generation: number): void;
