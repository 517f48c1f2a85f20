import { type SignalName } from '../core/loop/signals.ts';
import type { Future } from '../core/future/future.ts';
import type { Yieldable } from '../core/support/types.ts';
import { type SignalOptions } from '../tasks/abort.ts';
import { type Step } from '../tasks/step-iterator.ts';
export type { SignalName };
/**
 * A source of received signals; returned by `signals()`. Up to 64 signals are kept while nobody
 * waits.
 */
export declare class SignalSource {
    #private;
    private constructor();
    /**
     * Waits for the next signal and returns its name. Cancel-safe: a cancel loses no signal.
     * @throws AbortError when `signal` aborts; QueueShutDown when it is closed
     */
    receive(options?: SignalOptions): Future<SignalName>;
    /** The same as `{ value }`, or `{ done: true }` when it is closed. Cancel-safe. */
    next(options?: SignalOptions): Future<Step<SignalName>>;
    /** `const name = yield* signals(…)`: waits for the next signal. */
    [Symbol.iterator](): Iterator<Yieldable, SignalName, unknown>;
    /** `const name = await signals(…)`: waits for the next signal. */
    then<A = SignalName, B = never>(fulfilled?: ((name: SignalName) => A | PromiseLike<A>) | null, rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B>;
    /**
     * Iterates over the names of received signals until it is closed. Leaving the iteration closes
     * it.
     */
    [Symbol.asyncIterator](): AsyncIterableIterator<SignalName, undefined>;
    /**
     * Stops listening: iterations end, and waiting calls get QueueShutDown. A second call does
     * nothing.
     */
    close(): void;
    [Symbol.dispose](): void;
    toString(): string;
}
/**
 * Listens to signals from now on. Await the result for the next signal (it then stops listening),
 * or iterate over it with `for await` until `close()`.
 *
 * While it listens to them, Ctrl-C and SIGTERM do not cancel main; listeners of `process.on` are
 * called as well. It keeps the process alive, and also works under `runSync`. Signals are received
 * only in the main thread; all loops there that listen receive each signal.
 *
 * @throws RangeError for a name that this system does not have; RuntimeError for signals that
 *   cannot be handled (SIGKILL, SIGSTOP, SIGSEGV, SIGBUS, SIGFPE, SIGILL), and in a worker;
 *   TypeError without a name
 * @example
 * const name = yield* signals('SIGINT', 'SIGTERM'); // until it is asked to end
 * yield* server.shutdown({ timeout: '10s' });
 * @example
 * for await (const _name of signals('SIGHUP')) reload();
 */
export declare function signals(...names: SignalName[]): SignalSource;
