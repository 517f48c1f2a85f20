/** Creating loops; the running loop, and the one that is set for the thread. */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import { describe } from '../support/describe.ts';
import { RuntimeError } from '../errors/errors.ts';
import { EventLoop } from './event-loop.ts';
import type { EventLoopOptions } from './event-loop-options.ts';
import { checkGivenLoop } from '../context/given-loop.ts';
import { givenOrRunning, presentLoop, setLoopOfThread } from '../context/running.ts';

/** Creates loops in place of `new EventLoop`. */
export type EventLoopFactory = (options: EventLoopOptions) => AbstractEventLoop;

let factory: EventLoopFactory | null = null;

/**
 * The loop whose callback or coroutine is running. It is typed as an `EventLoop`; for a custom loop
 * class write `getRunningLoop<MyLoop>()`.
 *
 * @throws RuntimeError when no loop is running: in a plain Node callback, or at module level
 * @example getRunningLoop().callLater('1s', refresh);
 */
export function getRunningLoop<L extends AbstractEventLoop = EventLoop>(): L {
  return givenOrRunning<L>();
}

/**
 * Creates a loop, with the factory if one is set (`setEventLoopFactory`). It is typed as an
 * `EventLoop`; for a factory of a custom class write `newEventLoop<MyLoop>()`.
 *
 * @throws Error for a driver that this platform does not have; TypeError, RangeError for options
 *   that a loop does not have
 * @example newEventLoop({ driver: 'virtual' })
 */
export function newEventLoop<L extends AbstractEventLoop = EventLoop>(
  options: EventLoopOptions = {},
): L {
  return (factory === null ? new EventLoop(options) : factory(options)) as L;
}

/**
 * Sets the function with which `newEventLoop`, `run` and `Runner` create loops; null for
 * `new EventLoop`.
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
 * Sets the loop that `getEventLoop` returns when none is running, and that calls outside any
 * coroutine use (`gather`, `sleep`, `ensureFuture`, `new Future()`, `queue.get()`); null for none.
 *
 * @throws TypeError when it is neither a loop nor null
 * @example setEventLoop(newEventLoop());
 */
export function setEventLoop(loop: AbstractEventLoop | null | undefined): void {
  if (loop !== null && loop !== undefined) checkGivenLoop('setEventLoop()', loop);
  setLoopOfThread(loop ?? null);
}

/**
 * The running loop, or else the one set by `setEventLoop`. It is typed as for `getRunningLoop`.
 * @throws RuntimeError when there is neither; no loop is created
 * @example getEventLoop().callSoon(refresh);
 */
export function getEventLoop<L extends AbstractEventLoop = EventLoop>(): L {
  const loop = presentLoop<L>();
  if (loop === null) throw new RuntimeError('There is no current event loop');
  return loop;
}
