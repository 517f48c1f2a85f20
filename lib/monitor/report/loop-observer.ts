/**
 * Watches the loops of a thread for the monitor: publishes the callback that runs and the
 * durations, and keeps the slowest callbacks.
 */
import type { AbstractEventLoop } from '../../core/loop/abstract-event-loop.ts';
import { taskName } from '../../core/debug/task-text.ts';
import { functionName } from '../../core/support/describe.ts';
import { Handle } from '../../core/loop/handle.ts';
import type { Observer } from '../../core/contract/observer.ts';
import { isTask } from '../../core/task/task.ts';
import type { Runnable } from '../../native/rings.ts';
import { sharedClockMs } from '../clock.ts';
import { attempt, className } from '../names.ts';
import type { SharedState } from '../server/shared.ts';
import { Slowest } from './slowest.ts';

const TEXT_MAX = 100;

export class LoopObserver implements Observer {
  readonly #shared: SharedState;
  readonly #asked: () => void;
  readonly slowest: Slowest = new Slowest();
  #seen = 0;
  #text = '';

  /** @param asked - called at the beginning of a turn if the monitor has sent a question */
  constructor(shared: SharedState, asked: () => void) {
    this.#shared = shared;
    this.#asked = asked;
  }

  dispatchBegins(): void {
    const { asked } = this.#shared;
    if (asked === this.#seen) return;
    this.#seen = asked;
    this.#asked();
  }

  begin(item: Runnable): void {
    this.#text = nameOf(item);
    this.#shared.begin(this.#text);
  }

  continuationBegins(item: Runnable): void {
    this.begin(item);
  }

  continuationEnds(item: Runnable, loop: AbstractEventLoop, start: number, end: number): void {
    this.end(item, loop, start, end);
  }

  end(_item: Runnable, _loop: AbstractEventLoop, start: number, end: number): void {
    const seconds = end - start;
    this.#shared.end(seconds);
    const now = sharedClockMs() / 1000;
    if (this.slowest.wants(seconds, now)) this.slowest.add(this.#text, seconds, now);
  }
}

/**
 * A short name for an entry of the ready queue. It is made for each one that runs, so it must be
 * cheap.
 */
function nameOf(item: Runnable): string {
  const awaiter = (item as { _task?: unknown })._task;
  const task = isTask(item) ? item : isTask(awaiter) ? awaiter : null;
  if (task !== null) return taskName(task).slice(0, TEXT_MAX);
  if (item instanceof Handle) {
    return `${attempt(() => functionName(item._callback), '').slice(0, TEXT_MAX)}()`;
  }
  const text = attempt(() => String(item), '[object]');
  return (text.startsWith('[object') ? className(item) : text).slice(0, TEXT_MAX);
}
