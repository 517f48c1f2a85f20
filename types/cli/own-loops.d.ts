/**
 * Listens from its making to `end()`. The channels are the process's, so it hears of the loops of
 * every copy of this package.
 */
export declare class OwnLoops {
    #private;
    constructor();
    /** Whether there was one. */
    get any(): boolean;
    /** Waits until none is running: a program need not await its `run()`. */
    stopped(): Promise<void>;
    end(): void;
}
