import type { Future } from '../../core/future/future.ts';
import { type Duration } from '../../core/support/duration.ts';
/** Options of `handOver`. */
export interface HandOverOptions {
    /**
     * How long the servers of this process may take for their remaining requests; 60 s by default,
     * null for ever.
     */
    timeout?: Duration | null;
    /** How long the new process may take to start serving; 60 s by default. */
    startTimeout?: Duration;
}
/**
 * Restarts the program without its clients noticing: starts it again with the same arguments,
 * passes it the sockets on which all servers of this process listen, waits until it serves at each
 * of these places, and shuts the servers of this process down. Each request is answered by one
 * process or the other.
 *
 * The new process must call `serve` with the same `port`, `hostname`, `unix` and `fd`. If it does
 * not, ends, or takes longer than `startTimeout`, it is killed, and the servers of this process
 * continue.
 *
 * Cancel-safe: cancelling the wait before the new process serves kills it and changes nothing here.
 *
 * @returns the id of the new process, once it serves; the servers here end later, and with them
 * `serveForever`
 * @throws RuntimeError outside the main thread, when no server listens, while another call is in
 * progress, or when the new process ends; TimeoutError when it takes too long
 * @example
 * loop.addSignalHandler('SIGUSR2', () => void createTask(restart()));
 * function* restart() {
 *   console.log(`process ${yield* handOver()} goes on`);
 * }
 */
export declare function handOver(options?: HandOverOptions): Future<number>;
