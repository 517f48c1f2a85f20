/** Receives lines of a log. It is not called again until the awaitable it returned is done. */
export type LogSink = (lines: string) => unknown;

/**
 * Writes records, many at once, with asynchronous calls of Node. It belongs to no loop, so records
 * made when a loop ends are still written.
 */
export class LogWriter<Item> {
  readonly #line: (item: Item) => string;
  readonly #sink: LogSink;
  readonly #most: number;
  #pending: Item[] = [];
  #dropped = 0;
  #writing = false;

  /** @param to - the path of a file, a sink, or null for standard output */
  constructor(line: (item: Item) => string, to: string | LogSink | null, most: number) {
    this.#line = line;
    this.#sink = typeof to === 'function' ? to : to === null ? toOutput : toFile(to);
    this.#most = most;
  }

  note(item: Item): void {
    if (this.#pending.length >= this.#most) this.#dropped += 1;
    else this.#pending.push(item);
    if (this.#writing) return;
    this.#writing = true;
    // After this turn, together with the other records of the turn.
    setImmediate(() => void this.#write());
  }

  async #write(): Promise<void> {
    while (this.#pending.length !== 0) {
      const items = this.#pending;
      const dropped = this.#dropped;
      this.#pending = [];
      this.#dropped = 0;
      try {
        await this.#sink(this.#text(items, dropped));
      } catch (error) {
        process.emitWarning(`${items.length} lines of a log are lost: ${String(error)}`);
      }
    }
    this.#writing = false;
  }

  #text(items: readonly Item[], dropped: number): string {
    const lines = items.map((item) => {
      try {
        return `${this.#line(item)}\n`;
      } catch (error) {
        return `(a line could not be made: ${String(error)})\n`;
      }
    });
    if (dropped > 0) lines.push(`(${dropped} lines were dropped)\n`);
    return lines.join('');
  }
}

function toOutput(lines: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(lines, () => resolve()));
}

function toFile(path: string): LogSink {
  return (lines) => process.getBuiltinModule('node:fs').promises.appendFile(path, lines);
}
