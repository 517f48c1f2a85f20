import type { EventLoop } from '../../core/loop/event-loop.ts';

/** Seconds between two looks at all, at most. */
const EVERY = 1;

/** Who is looked at. */
export interface Beating {
  _beat(tick: number): void;
}

/**
 * One timer that looks after many connections: each notes the tick of its last sign of life, and
 * nothing is armed or cancelled for a message. It rests while there are none.
 */
export class Pulse {
  tick = 0;
  /** Ticks that a connection may be silent. */
  readonly silence: number;
  readonly #loop: EventLoop;
  readonly #every: number;
  readonly #all = new Set<Beating>();
  #beating = false;

  /** @param seconds - that a connection may be silent */
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
