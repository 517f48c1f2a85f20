/** The slowest callbacks of the last minute. */

/** A callback that took long. */
export interface SlowCallback {
  readonly what: string;
  readonly seconds: number;
  /** When it ended, in seconds of the clock used for `Slowest.add`. */
  readonly at: number;
}

const KEPT = 10;
const SPAN_SECONDS = 10;
const SPANS = 6;

/**
 * Keeps the ten slowest of each span of ten seconds, for the last six spans. Entries expire with
 * their span, so that a slow start does not hide everything after it.
 */
export class Slowest {
  #spans: { begin: number; kept: SlowCallback[] }[] = [];
  /** The duration in seconds that an entry must exceed to be kept in the newest span. */
  #least = 0;
  #end = -Infinity;

  /**
   * Whether `add` would keep such an entry. Called first, since making the text of an entry costs
   * more.
   */
  wants(seconds: number, now: number): boolean {
    return seconds > this.#least || now >= this.#end;
  }

  add(what: string, seconds: number, at: number): void {
    if (at >= this.#end) {
      this.#spans.unshift({ begin: at, kept: [] });
      this.#spans.length = Math.min(this.#spans.length, SPANS);
      this.#end = at + SPAN_SECONDS;
      this.#least = 0;
    }
    const { kept } = this.#spans[0]!;
    kept.push({ what, seconds, at });
    kept.sort((a, b) => b.seconds - a.seconds);
    kept.length = Math.min(kept.length, KEPT);
    this.#least = kept.length < KEPT ? 0 : kept.at(-1)!.seconds;
  }

  /** The ten slowest of the last minute, slowest first. */
  list(now: number): SlowCallback[] {
    return this.#spans
      .flatMap(({ kept }) => kept)
      .filter(({ at }) => now - at < SPAN_SECONDS * SPANS)
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, KEPT);
  }
}
