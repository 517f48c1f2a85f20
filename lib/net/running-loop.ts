import { RuntimeError } from '../core/errors.ts';
import { EventLoop } from '../core/event-loop.ts';
import { getRunningLoop } from '../core/running.ts';

/**
 * The running loop, which must be one on the native engine: connections live there.
 * @throws RuntimeError when none is running, or one that only extends AbstractEventLoop
 */
export function runningEventLoop(): EventLoop {
  const loop = getRunningLoop();
  if (loop instanceof EventLoop) return loop;
  throw new RuntimeError('the running loop has no network: it does not extend EventLoop');
}
