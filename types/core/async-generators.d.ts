import type { AbstractEventLoop } from './abstract-event-loop.ts';
import type { Future } from './future.ts';
type Generator = AsyncGenerator<unknown, unknown, unknown>;
/** What is kept of a generator that began in a loop. */
interface Entry {
    readonly generator: WeakRef<Generator>;
    /** What its last `next()` gave; settled unless the generator is busy. */
    last: Promise<unknown> | null;
}
/** The generators that began in one loop. */
export declare class LoopGenerators {
    #private;
    constructor(loop: AbstractEventLoop);
    /** The loop begins to run, or has ended its run. */
    watch(running: boolean): void;
    add(generator: Generator): Entry;
    /** Closes those that are left, at the same time. */
    shutdown(): Future<void>;
    /** Closes without waiting; the rest of it happens when Node's loop goes on. */
    abandon(): void;
}
export {};
