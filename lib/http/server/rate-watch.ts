/**
 * Whether bytes move fast enough, judged by their count at intervals. Otherwise a connection that
 * only trickles could hold its resources for ever.
 */
export class RateWatch {
  readonly #least: number;
  readonly #ticks: number;
  #since = 0;
  #begun = -1;

  /** @param least - how many bytes must move in `ticks` ticks */
  constructor(least: number, ticks: number) {
    this.#least = least;
    this.#ticks = ticks;
  }

  /**
   * Whether bytes moved too slowly in the last interval. @param bytes - moved in all; a lower count
   * than before starts a new measurement
   */
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

  /** Pauses the measurement while nothing has to move. */
  rest(): void {
    this.#begun = -1;
  }
}
