import type { EventLoop } from '../../core/loop/event-loop.ts';
/** Who is looked at. */
export interface Beating {
}
/**
 * One timer that looks after many connections: each notes the tick of its last sign of life, and
 * nothing is armed or cancelled for a message. It rests while there are none.
 */
export declare class Pulse {
    #private;
    tick: number;
    /** Ticks that a connection may be silent. */
    readonly silence: number;
    /** @param seconds - that a connection may be silent */
    constructor(loop: EventLoop, seconds: number);
    add(one: Beating): void;
    delete(one: Beating): void;
}
