import type { EventLoop } from '../../core/loop/event-loop.ts';

/** Longest time between two checks, in seconds. */
const EVERY = 1;

/** A connection to check. */
export interface Beating {
  _beat(tick: number): void;
}

/**
 * One timer that checks many connections for silence: each records the tick at which it last heard
 * from its peer, so messages need no timers of their own. The timer stops when there are no
 * connections.
 */
export class Pulse {
  tick = 0;
  /** Ticks for which a connection may be silent. */
  readonly silence: number;
  readonly #loop: EventLoop;
  readonly #every: number;
  readonly #all = new Set<Beating>();
  #beating = false;

  /** @param seconds - for which a connection may be silent */
  constructor(loop: EventLoop, seconds: number) {
    this.#loop = loop;
    this.#every = Math.min(EVERY, seconds / 4);
    this.silence = Math.ceil(seconds / this.#every);
  }

  add(one: Beating): void {
    this.#all.add(one);
    if (!this.#beating) this.#beatLater();
  }

  delete(one: Beating): void {
    this.#all.delete(one);
  }

  #beatLater(): void {
    this.#beating = true;
    this.#loop
      .callLater(this.#every, () => {
        this.tick += 1;
        this.#beating = false;
        for (const one of this.#all) one._beat(this.tick);
        if (this.#all.size !== 0) this.#beatLater();
      })
      .unref();
  }
}
