import { isA, KeyboardInterrupt } from '../core/errors/errors.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';

/** Calls the user's `keylog` with one line. What it throws is reported, and harms no connection. */
export function callKeyLog(loop: EventLoop, keylog: (line: Buffer) => void, line: Buffer): void {
  try {
    keylog(line);
  } catch (exception) {
    if (isA(exception, KeyboardInterrupt)) throw exception;
    loop.callExceptionHandler({ message: 'Exception in callback keylog', exception });
  }
}
