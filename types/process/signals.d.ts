import { type SignalName } from '../core/loop/signals.ts';
import type { Future } from '../core/future/future.ts';
import type { Yieldable } from '../core/support/types.ts';
import { type SignalOptions } from '../tasks/abort.ts';
import { type Step } from '../tasks/step-iterator.ts';
export type { SignalName };
/**
 * Signals as they come: what `signals()` gives. What comes while nobody waits is kept, up to 64.
 */
export declare class SignalSource {
    #private;
    private constructor();
    /**
     * Waits for the next signal, and gives its name. Cancelling it loses none.
     * @throws AbortError when `signal` aborts; QueueShutDown when it is closed
     */
    receive(options?: SignalOptions): Future<SignalName>;
    /** The same, or `{ done: true }` when it is closed. */
    next(options?: SignalOptions): Future<Step<SignalName>>;
    /** `const name = yield* signals(…)`: the next one. */
    [Symbol.iterator](): Iterator<Yieldable, SignalName, unknown>;
    /** `const name = await signals(…)`: the next one. */
    then<A = SignalName, B = never>(fulfilled?: ((name: SignalName) => A | PromiseLike<A>) | null, rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B>;
    /** Their names, until it is closed. Leaving the iteration closes it. */
    [Symbol.asyncIterator](): AsyncIterableIterator<SignalName, undefined>;
    /** Listens no more: iterations end, and who waits gets QueueShutDown. May be repeated. */
    close(): void;
    [Symbol.dispose](): void;
    toString(): string;
}
/**
 * Listens to signals from now on. It may be awaited for the next one (and then does not listen any
 * more), or gone through with `for await`, which ends with `close()` or with the iteration.
 *
 * While it listens, Ctrl-C and SIGTERM do not cancel main; listeners of `process.on` are called
 * as ever. It keeps the process alive, and works under `runSync` as well. Only the main thread has
 * signals; all loops in it that listen get each.
 *
 * @throws RangeError for a name that this system has not; RuntimeError for SIGKILL and SIGSTOP, and
 *   for the like of SIGSEGV; RuntimeError in a worker
 * @example
 * const name = yield* signals('SIGINT', 'SIGTERM'); // until it is asked to end
 * yield* server.shutdown({ timeout: '10s' });
 * @example
 * for await (const _name of signals('SIGHUP')) reload();
 */
export declare function signals(...names: SignalName[]): SignalSource;
