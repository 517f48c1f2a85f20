import type { EventLoop } from '../../core/loop/event-loop.ts';
/** A connection to check. */
export interface Beating {
}
/**
 * One timer that checks many connections for silence: each records the tick at which it last heard
 * from its peer, so messages need no timers of their own. The timer stops when there are no
 * connections.
 */
export declare class Pulse {
    #private;
    tick: number;
    /** Ticks for which a connection may be silent. */
    readonly silence: number;
    /** @param seconds - for which a connection may be silent */
    constructor(loop: EventLoop, seconds: number);
    add(one: Beating): void;
    delete(one: Beating): void;
}
