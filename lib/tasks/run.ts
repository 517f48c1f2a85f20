/** The usual entry point: one main coroutine on one new loop. */
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { DeadlockError, isA } from '../core/errors/errors.ts';
import type { AwaitableLike } from '../core/support/types.ts';
import { Runner } from './runner.ts';
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
 * The same, but blocks the thread until main is done and returns its result. Node's own loop does
 * not run meanwhile, so main must be a `function*`.
 *
 * @throws DeadlockError when main waits for something that only Node could deliver, such as a
 *   Promise; and as `run`
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

/** Closes the runner; an error of that must not hide the first error, so it becomes its `cause`. */
function closeAfter(runner: Runner<AbstractEventLoop>, error: unknown): void {
  try {
    runner.closeSync();
  } catch (second) {
    // Two deadlocks have the same reason; the first one says enough.
    if (isA(error, DeadlockError) && isA(second, DeadlockError)) return;
    if (error instanceof Error && error.cause === undefined) error.cause = second;
  }
}
