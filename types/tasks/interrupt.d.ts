/** Ctrl-C while a loop runs; only in the main thread, and only when nobody else listens. */
import type { AbstractEventLoop } from '../core/abstract-event-loop.ts';
import type { Future } from '../core/future.ts';
export declare class Interrupt {
    #private;
    count: number;
    /** Whether the loop was ended by one. */
    ended: boolean;
    /**
     * @param main - what the first Ctrl-C cancels; null: already the first ends the loop
     * @param owning - whether the loop will own the thread, where no listener of Node's is called
     */
    constructor(loop: AbstractEventLoop, main: Future<any> | null, owning?: boolean);
    remove(): void;
    /** The error of main, or KeyboardInterrupt when it ended by the first Ctrl-C. */
    explain(error: unknown): unknown;
}
