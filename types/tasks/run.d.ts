import type { AwaitableLike } from '../core/support/types.ts';
import type { RunOptions } from './runner.ts';
/**
 * Runs `main` on a new loop and gives its result. The loop rides inside Node's own, so timers,
 * `fs`, `fetch` and Promises go on beside it. At the end the tasks that are left are cancelled.
 *
 * @param main - a `function*` or `async` function, a generator object, anything awaitable
 * @throws what main throws; KeyboardInterrupt after Ctrl-C; RuntimeError inside a running loop
 * @example
 * await run(function* () { yield* sleep(1); console.log('a second later'); });
 */
export declare function run<T>(main: AwaitableLike<T>, options?: RunOptions): Promise<T>;
/**
 * The same, but owns the thread until main is done and returns its result. Nothing of Node runs
 * meanwhile, so main must be a coroutine of the generator lane.
 *
 * @throws DeadlockError when main waits for what only Node could deliver, such as a Promise
 * @example const answer = runSync(function* () { return yield* sleep(0.1, 42); });
 */
export declare function runSync<T>(main: AwaitableLike<T>, options?: RunOptions): T;
