/**
 * What the monitor knows of a thread's loops while they run: an observer that writes the heartbeat
 * and the durations, and remembers the slowest callbacks.
 */
import type { AbstractEventLoop } from '../core/abstract-event-loop.ts';
import type { Observer } from '../core/observe/observe.ts';
import type { Runnable } from '../native/rings.ts';
import type { SharedState } from './shared.ts';
import { Slowest } from './slowest.ts';
export declare class Watch implements Observer {
    #private;
    readonly slowest: Slowest;
    /** @param asked - called at the begin of a turn when the monitor has asked something */
    constructor(shared: SharedState, asked: () => void);
    dispatchBegins(): void;
    begin(item: Runnable): void;
    continuationBegins(item: Runnable): void;
    continuationEnds(item: Runnable, loop: AbstractEventLoop, start: number, end: number): void;
    end(_item: Runnable, _loop: AbstractEventLoop, start: number, end: number): void;
}
