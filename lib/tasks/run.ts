/** The usual way in: one main, one loop. */
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { DeadlockError, isA } from '../core/errors/errors.ts';
import type { AwaitableLike } from '../core/support/types.ts';
import { Runner } from './runner.ts';
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
export async function run<T>(main: AwaitableLike<T>, options?: RunOptions): Promise<T> {
  const runner = new Runner(options);
  let result: T;
  try {
    result = await runner.run(main);
  } catch (error) {
    runner._reportUnhandled();
    await runner.close();
    throw error;
  }
  await runner.close();
  return result;
}

/**
 * The same, but owns the thread until main is done and returns its result. Nothing of Node runs
 * meanwhile, so main must be a coroutine of the generator lane.
 *
 * @throws DeadlockError when main waits for what only Node could deliver, such as a Promise
 * @example const answer = runSync(function* () { return yield* sleep(0.1, 42); });
 */
export function runSync<T>(main: AwaitableLike<T>, options?: RunOptions): T {
  const runner = new Runner(options);
  let result: T;
  try {
    result = runner.runSync(main);
  } catch (error) {
    runner._reportUnhandled();
    closeAfter(runner, error);
    throw error;
  }
  runner.closeSync();
  return result;
}

/** A second error, of tasks that cannot be ended either, must not hide the first. */
function closeAfter(runner: Runner<AbstractEventLoop>, error: unknown): void {
  try {
    runner.closeSync();
  } catch (second) {
    // That the tasks which are left cannot be ended either, the first deadlock says already.
    if (isA(error, DeadlockError) && isA(second, DeadlockError)) return;
    if (error instanceof Error && error.cause === undefined) error.cause = second;
  }
}
