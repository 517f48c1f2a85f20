/** One message for many receivers: its frames are made once, and put into the arena once. */
import { type Data } from '../../io/data.ts';
import type { Rings } from '../../native/rings.ts';
export interface SharedFrame {
    readonly bytes: Buffer;
    /** Its position in the arena, valid while the message is being sent; -1 when it is not there. */
    readonly place: number;
}
export declare class SharedMessage {
    #private;
    /** @throws TypeError when it is neither text nor bytes */
    constructor(rings: Rings, data: Data);
    get size(): number;
    plain(): SharedFrame;
    /** The frame compressed without context, for all connections with this window size and level. */
    packed(windowBits: number, level: number | undefined): SharedFrame;
    /**
     * Called after each send: keeps the frames in the arena until the last receiver has them,
     * although C++ may have taken the bytes of the arena meanwhile, or the frame sent last is not the
     * last one.
     */
    guard(): void;
}
