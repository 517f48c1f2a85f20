import type { AwaitableLike } from '../core/support/types.ts';
import type { RunOptions } from './runner.ts';
/**
 * Runs `main` on a new loop and returns its result. The loop runs as a guest of Node's own, so
 * Node's timers, `fs`, `fetch` and Promises keep working. At the end the remaining tasks are
 * cancelled and waited for.
 *
 * @param main - a `function*` or `async` function, a generator object, anything awaitable
 * @throws what main throws; KeyboardInterrupt after Ctrl-C, Terminated after SIGTERM; RuntimeError
 *   inside a running loop; TypeError, RangeError for wrong arguments
 * @example
 * await run(function* () { yield* sleep(1); console.log('a second later'); });
 */
export declare function run<T>(main: AwaitableLike<T>, options?: RunOptions): Promise<T>;
/**
 * The same, but blocks the thread until main is done and returns its result. Node's own loop does
 * not run meanwhile, so main must be a `function*`.
 *
 * @throws DeadlockError when main waits for something that only Node could deliver, such as a
 *   Promise; and as `run`
 * @example const answer = runSync(function* () { return yield* sleep(0.1, 42); });
 */
export declare function runSync<T>(main: AwaitableLike<T>, options?: RunOptions): T;
