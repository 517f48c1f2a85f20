import type { Future } from '../../core/future/future.ts';
import { type Duration } from '../../core/support/duration.ts';
/** How `handOver` goes about it. */
export interface HandOverOptions {
    /** How long the servers here may take for what they still answer; 60 s, null for ever. */
    timeout?: Duration | null;
    /** How long the new process may take until it serves; 60 s by default. */
    startTimeout?: Duration;
}
/**
 * A restart that no client notices: starts this program once more, with its arguments, hands it the
 * sockets that all servers of this process listen on, waits until it serves at each of those
 * places, and shuts the servers here down. A request is answered by one or by the other.
 *
 * The new process must call `serve` with the same `port`, `hostname`, `unix` and `fd`. If it does
 * not, ends, or takes longer than `startTimeout`, it is killed, and the servers here go on.
 *
 * Cancel-safe: cancelling it before the new process serves kills that one and changes nothing here.
 *
 * @returns the id of the new process, once it serves; what `serveForever` waits for comes later
 * @throws RuntimeError outside the main thread, when no server listens, while another one is under
 * way, and when the new process ends; TimeoutError when it takes too long
 * @example
 * loop.addSignalHandler('SIGUSR2', () => void createTask(restart()));
 * function* restart() {
 *   console.log(`process ${yield* handOver()} goes on`);
 * }
 */
export declare function handOver(options?: HandOverOptions): Future<number>;
