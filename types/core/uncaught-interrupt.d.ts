/** From now on an uncaught KeyboardInterrupt ends the process that way. */
export declare function watchForUncaught(): void;
