/** Making loops, and the loop that is running, or set for the thread. */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import { describe } from '../support/describe.ts';
import { RuntimeError } from '../errors/errors.ts';
import { EventLoop } from './event-loop.ts';
import type { EventLoopOptions } from './event-loop-options.ts';
import { checkGivenLoop } from '../context/given-loop.ts';
import { givenOrRunning, presentLoop, setLoopOfThread } from '../context/running.ts';

/** Makes loops in place of `new EventLoop`. */
export type EventLoopFactory = (options: EventLoopOptions) => AbstractEventLoop;

let factory: EventLoopFactory | null = null;

/**
 * The loop whose callback or coroutine is running. Its type is the one that nearly all loops have;
 * who has made one of his own says so: `getRunningLoop<MyLoop>()`.
 *
 * @throws RuntimeError when there is none: in a plain Node callback, or at module level
 * @example getRunningLoop().callLater('1s', refresh);
 */
export function getRunningLoop<L extends AbstractEventLoop = EventLoop>(): L {
  return givenOrRunning<L>();
}

/**
 * A new loop, made by the factory when one is set. Its type is the one that nearly all loops have;
 * who has set a factory of another kind says so: `newEventLoop<MyLoop>()`.
 *
 * @throws Error for a driver that there is not
 * @example newEventLoop({ driver: 'virtual' })
 */
export function newEventLoop<L extends AbstractEventLoop = EventLoop>(
  options: EventLoopOptions = {},
): L {
  return (factory === null ? new EventLoop(options) : factory(options)) as L;
}

/**
 * Sets what `newEventLoop`, `run` and `Runner` make loops with; null: `new EventLoop`.
 *
 * @throws TypeError when it is neither a function nor null
 * @example setEventLoopFactory((options) => new CountingLoop(options));
 */
export function setEventLoopFactory(make: EventLoopFactory | null): void {
  if (make !== null && typeof make !== 'function') {
    throw new TypeError(`setEventLoopFactory(): ${describe(make)} is not a function`);
  }
  factory = make;
}

/**
 * Sets the loop that `getEventLoop` gives where none is running, and that calls outside of any
 * coroutine use (`gather`, `sleep`, `ensureFuture`, `new Future()`, `queue.get()`); null: none.
 *
 * @throws TypeError when it is neither a loop nor null
 * @example setEventLoop(newEventLoop());
 */
export function setEventLoop(loop: AbstractEventLoop | null | undefined): void {
  if (loop !== null && loop !== undefined) checkGivenLoop('setEventLoop()', loop);
  setLoopOfThread(loop ?? null);
}

/**
 * The running loop, else the one that was set. Its type is as for `getRunningLoop`.
 * @throws RuntimeError when there is neither; none is made
 * @example getEventLoop().callSoon(refresh);
 */
export function getEventLoop<L extends AbstractEventLoop = EventLoop>(): L {
  const loop = presentLoop<L>();
  if (loop === null) throw new RuntimeError('There is no current event loop');
  return loop;
}
