/** Whether a program runs loops by itself while it is imported, and until when. */
import { LOOP_START, LOOP_STOP } from '../core/observe/diagnostics-channels.ts';

/**
 * Listens from its making to `end()`. The channels are the process's, so it also gets the loops of
 * every copy of this package.
 */
export class OwnLoops {
  #any = false;
  #running = 0;
  #stopped: (() => void) | null = null;

  constructor() {
    LOOP_START.subscribe(this.#onStart);
    LOOP_STOP.subscribe(this.#onStop);
  }

  /** Whether there was one. */
  get any(): boolean {
    return this.#any;
  }

  /** Waits until none is running: a program need not await its `run()`. */
  async stopped(): Promise<void> {
    while (this.#running > 0)
      await new Promise<void>((resolve) => {
        this.#stopped = resolve;
      });
  }

  end(): void {
    LOOP_START.unsubscribe(this.#onStart);
    LOOP_STOP.unsubscribe(this.#onStop);
  }

  readonly #onStart = (): void => {
    this.#any = true;
    this.#running++;
  };

  readonly #onStop = (): void => {
    if (this.#running > 0) this.#running--;
    this.#stopped?.();
  };
}
