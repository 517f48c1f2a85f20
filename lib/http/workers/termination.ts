/** SIGTERM during `serveForever`. */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { LoopSignals } from '../../core/loop/signals.ts';
import type { SignalListener } from '../../core/loop/signals.ts';
import { isMainThread } from '../../core/support/worker-threads.ts';

/**
 * Ignores the signal if the program handles it itself. It is not `polite`, so it takes precedence
 * over the default, which cancels the main task as Ctrl-C does.
 */
class Termination implements SignalListener {
  readonly polite = false;
  readonly #loop: EventLoop;
  readonly #end: () => void;

  constructor(loop: EventLoop, end: () => void) {
    this.#loop = loop;
    this.#end = end;
  }

  heard(_name: string, elsewhere: boolean): void {
    if (elsewhere) return;
    for (const other of LoopSignals.of(this.#loop)._listenersOf('SIGTERM')) {
      if (!other.polite && !(other instanceof Termination)) return;
    }
    this.#loop.callSoon(this.#end);
  }
}

/**
 * Calls `end` at each SIGTERM that the program does not handle itself.
 * @returns a function that stops it
 */
export function onTermination(loop: EventLoop, end: () => void): () => void {
  // Node delivers no signals to workers.
  if (!isMainThread()) return () => {};
  const listener = new Termination(loop, end);
  LoopSignals.of(loop).add('SIGTERM', listener);
  return () => {
    if (!loop.isClosed()) LoopSignals.of(loop).remove('SIGTERM', listener);
  };
}
