/** The module. */
export declare function workerThreads(): typeof import('node:worker_threads');
/** Whether this is the main thread, without loading that. For those who have a loop already. */
export declare function isMainThread(): boolean;
