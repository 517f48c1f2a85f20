import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { NotImplementedError } from '../core/errors/errors.ts';
import { EventLoop } from '../core/loop/event-loop.ts';
import { loopFor } from '../core/context/running.ts';

/**
 * The running loop, or the one of `setEventLoop`. It must run on the native engine, which has the
 * connections.
 *
 * @param call - the call's name for the message: `openConnection()`
 * @throws RuntimeError when there is none; NotImplementedError for one that only extends
 *   AbstractEventLoop
 */
export function loopWithNetwork(call: string): EventLoop {
  const loop = loopFor<AbstractEventLoop>(call);
  if (loop instanceof EventLoop) return loop;
  throw new NotImplementedError(
    `${loop.constructor.name} does not implement ${call}: it has no ` +
      'network, which only a loop has that extends EventLoop',
  );
}
