/** Takes lines of a log. While what it returns is not done, it is not called again. */
export type LogSink = (lines: string) => unknown;

/**
 * Writes records, many at once, by calls of Node's that do not wait. It belongs to no loop: what
 * is noted at the end of one is written all the same.
 */
export class LogWriter<Item> {
  readonly #line: (item: Item) => string;
  readonly #sink: LogSink;
  readonly #most: number;
  #pending: Item[] = [];
  #dropped = 0;
  #writing = false;

  /** @param to - a file, a sink, or null for standard output */
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
    // After this turn, with whatever else it brings.
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
