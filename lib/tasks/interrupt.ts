/**
 * Ctrl-C and SIGTERM while a loop runs; only in the main thread, and only when nobody else listens
 * to that signal.
 */
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { CancelledError, isA, KeyboardInterrupt, Terminated } from '../core/errors/errors.ts';
import type { Future } from '../core/future/future.ts';
import {
  listensElsewhere,
  LoopSignals,
  type SignalListener,
  type SignalName,
} from '../core/loop/signals.ts';
import { Task } from '../core/task/task.ts';
import { isMainThread } from '../core/support/worker-threads.ts';

const NAMES: readonly SignalName[] = ['SIGINT', 'SIGTERM'];

export class Interrupt implements SignalListener {
  readonly polite = true;
  /** Whether the loop was ended by one. */
  ended = false;
  #first: SignalName | null = null;
  readonly #loop: AbstractEventLoop;
  readonly #main: Future<any> | null;

  /** @param main - what the first one cancels; null: already the first ends the loop */
  constructor(loop: AbstractEventLoop, main: Future<any> | null) {
    this.#loop = loop;
    this.#main = main;
    if (!isMainThread()) return;
    for (const name of NAMES) {
      if (!listensElsewhere(name)) LoopSignals.of(loop).add(name, this);
    }
  }

  heard(name: SignalName, elsewhere: boolean): void {
    // Programs begin to listen to it once they have something to end in order. A listener to Ctrl-C
    // that is added while main runs has always been beside this.
    if (elsewhere && name === 'SIGTERM') return;
    const isFirst = this.#first === null;
    this.#first ??= name;
    if (isFirst && this.#main?.cancel() === true) return;
    this.ended = true;
    this.#loop._interrupt(errorOf(name));
  }

  remove(): void {
    for (const name of NAMES) this.#loop._signals?.remove(name, this);
  }

  /** The error of main, or KeyboardInterrupt when it ended by the first one. */
  explain(error: unknown): unknown {
    if (this.#first === null || !isA(error, CancelledError)) return error;
    const main = this.#main;
    return main instanceof Task && main.uncancel() > 0 ? error : errorOf(this.#first);
  }
}

function errorOf(name: SignalName): KeyboardInterrupt {
  return name === 'SIGTERM' ? new Terminated() : new KeyboardInterrupt();
}
