/** Detects whether a program runs loops by itself while it is imported, and when they stop. */
import { LOOP_START, LOOP_STOP } from '../core/observe/diagnostics-channels.ts';

/**
 * Listens until `end()`. The channels belong to the process, so loops of other copies of this
 * package are seen too.
 */
export class OwnLoops {
  #any = false;
  #running = 0;
  #stopped: (() => void) | null = null;

  constructor() {
    LOOP_START.subscribe(this.#onStart);
    LOOP_STOP.subscribe(this.#onStop);
  }

  /** Whether a loop was started. */
  get any(): boolean {
    return this.#any;
  }

  /** Waits until no loop is running: a program need not await its `run()`. */
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
