/**
 * Whether bytes move fast enough, as their count is seen from time to time. A connection that
 * trickles lives for ever otherwise, with all that is held for it.
 */
export class RateWatch {
  readonly #least: number;
  readonly #ticks: number;
  #since = 0;
  #begun = -1;

  /**
   * @param least - bytes that must move in this many ticks
   */
  constructor(least: number, ticks: number) {
    this.#least = least;
    this.#ticks = ticks;
  }

  /** Whether they moved too slowly. @param bytes - moved in all, or 0 for a new beginning */
  isSlow(bytes: number, tick: number): boolean {
    if (this.#begun === -1 || bytes < this.#since) {
      this.#since = bytes;
      this.#begun = tick;
      return false;
    }
    if (tick - this.#begun < this.#ticks) return false;
    const moved = bytes - this.#since;
    this.#since = bytes;
    this.#begun = tick;
    return moved < this.#least;
  }

  /** Nothing has to move. */
  rest(): void {
    this.#begun = -1;
  }
}
