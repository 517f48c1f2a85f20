/**
 * One message for many: its frames are made once, and stand once in the arena that they leave from.
 */
import { type Data } from '../../io/data.ts';
import type { Rings } from '../../native/rings.ts';
export interface SharedFrame {
    readonly bytes: Buffer;
    /** Where it stands in the arena, while the message is handed out; -1 for nowhere. */
    readonly place: number;
}
export declare class SharedMessage {
    #private;
    /** @throws TypeError for what is neither text nor bytes */
    constructor(rings: Rings, data: Data);
    get size(): number;
    plain(): SharedFrame;
    /** Packed by itself, for all who have agreed to windows of this size. */
    packed(windowBits: number, level: number | undefined): SharedFrame;
    /**
     * After each send: what stands in the arena stays until the last has it, also when C++ has taken
     * the arena's bytes meanwhile, or when a frame that stands before others was sent last.
     */
    guard(): void;
}
