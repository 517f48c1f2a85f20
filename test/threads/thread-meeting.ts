// Meeting the work of thread-work.ts at a known place, without sleeping.

/** The module, for executors. Compiled beside this file. */
export const WORK: URL = new URL('./thread-work.js', import.meta.url);

/** How many have begun, whether they may go on, how many have gone on. */
export class Meeting {
  readonly shared: SharedArrayBuffer = new SharedArrayBuffer(12);
  readonly #numbers: Int32Array = new Int32Array(this.shared);

  get begun(): number {
    return Atomics.load(this.#numbers, 0);
  }

  /** Waits until that many have begun. */
  async begins(count = 1): Promise<void> {
    await this.#reaches(0, count);
  }

  /** Lets all of them go on. */
  letGo(): void {
    Atomics.store(this.#numbers, 1, 1);
    Atomics.notify(this.#numbers, 1);
  }

  /** Waits until that many have gone on. */
  async goesOn(count = 1): Promise<void> {
    await this.#reaches(2, count);
  }

  async #reaches(place: number, count: number): Promise<void> {
    while (Atomics.load(this.#numbers, place) < count) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  }
}
