/**
 * Handles Ctrl-C and SIGTERM while a loop runs; only in the main thread, and only for a signal that
 * the program does not listen to itself.
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
  /** Whether a signal has ended the loop. */
  ended = false;
  #first: SignalName | null = null;
  readonly #loop: AbstractEventLoop;
  readonly #main: Future<any> | null;

  /** @param main - what the first signal cancels; null: the first signal already ends the loop */
  constructor(loop: AbstractEventLoop, main: Future<any> | null) {
    this.#loop = loop;
    this.#main = main;
    if (!isMainThread()) return;
    for (const name of NAMES) {
      if (!listensElsewhere(name)) LoopSignals.of(loop).add(name, this);
    }
  }

  heard(name: SignalName, elsewhere: boolean): void {
    // A program that starts listening to SIGTERM while it runs shuts down by itself, so ours does
    // nothing. A Ctrl-C listener added while main runs, in contrast, is called in addition to ours.
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

  /**
   * The error to throw: main's own, or a KeyboardInterrupt when the first signal cancelled main.
   */
  explain(error: unknown): unknown {
    if (this.#first === null || !isA(error, CancelledError)) return error;
    const main = this.#main;
    return main instanceof Task && main.uncancel() > 0 ? error : errorOf(this.#first);
  }
}

function errorOf(name: SignalName): KeyboardInterrupt {
  return name === 'SIGTERM' ? new Terminated() : new KeyboardInterrupt();
}
