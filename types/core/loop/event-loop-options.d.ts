/** How a loop is made. */
export interface EventLoopOptions {
    /**
     * `auto` (the best for the platform, the default), `epoll` (Linux), `kqueue` (macOS, FreeBSD), or
     * `virtual` (simulated time and network). One that this platform lacks is an error that says
     * which there are.
     */
    driver?: string | undefined;
    /** Debug mode; by default what OXBOW_DEBUG in the environment says. */
    debug?: boolean | undefined;
    /**
     * Whether the stores of your own AsyncLocalStorage go with what you schedule: into callbacks
     * (`callSoon`, `callLater`, `callAt`, `addDoneCallback`, `addReader`), through every step of a
     * task, and into the methods of protocols, from where each was made. False by default, for it
     * costs time. `async` functions keep their stores after each `await` in any case.
     */
    asyncLocalStorage?: boolean | undefined;
    /** Of the virtual driver: chooses the order of what happens at one moment; 0 leaves it. */
    seed?: number | undefined;
}
