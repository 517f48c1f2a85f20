/** SIGTERM, for servers that serve for ever. */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { LoopSignals } from '../../core/loop/signals.ts';
import type { SignalListener } from '../../core/loop/signals.ts';
import { isMainThread } from '../../core/support/worker-threads.ts';

/** Steps back for a listener of the program's own; main, that Ctrl-C would cancel, for this. */
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
 * Calls `end` at each SIGTERM that nobody else listens to.
 * @returns ends that
 */
export function onTermination(loop: EventLoop, end: () => void): () => void {
  // A worker gets no signals.
  if (!isMainThread()) return () => {};
  const listener = new Termination(loop, end);
  LoopSignals.of(loop).add('SIGTERM', listener);
  return () => {
    if (!loop.isClosed()) LoopSignals.of(loop).remove('SIGTERM', listener);
  };
}
