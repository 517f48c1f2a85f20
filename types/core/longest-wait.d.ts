/**
 * Seconds; undefined: any number. `worker.terminate()` ends JavaScript, but no wait in the kernel,
 * and would hang until that is over. The main thread needs none of this.
 */
export declare function longestWait(): number | undefined;
