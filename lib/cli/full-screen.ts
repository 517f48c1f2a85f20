/** A terminal's alternate screen: switched on for a while, and always switched back. */

const TAKE = '\x1b[?1049h\x1b[?25l';
const GIVE_BACK = '\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const REST_OF_LINE = '\x1b[K';
const REST_OF_SCREEN = '\x1b[J';

export class FullScreen {
  /** Aborts when the user ends the command. */
  readonly ended: AbortController = new AbortController();
  #draw: (() => readonly string[]) | null = null;
  #left = false;

  constructor() {
    process.stdout.write(TAKE);
    // Restore the screen also when this process ends by an error.
    process.on('exit', this.#restore);
    process.on('SIGINT', this.#end);
    process.on('SIGTERM', this.#end);
    process.on('SIGHUP', this.#end);
    process.stdout.on('resize', this.#redraw);
    if (process.stdin.isTTY === true) {
      process.stdin.setRawMode(true);
      process.stdin.on('data', this.#key);
      process.stdin.resume();
    }
  }

  readonly #end = (): void => this.ended.abort();

  readonly #key = (data: Buffer): void => {
    // In raw mode Ctrl-C is a character. Ctrl-D, q and Escape also end the command.
    const text = data.toString('latin1');
    if (text === '\x1b' || /[\x03\x04qQ]/.test(text)) this.#end();
  };

  readonly #redraw = (): void => {
    if (this.#draw === null || this.#left) return;
    const lines = this.#draw().map((line) => `${line}${REST_OF_LINE}\r\n`);
    // Overwrite the old lines, which flickers less than clearing the screen first.
    process.stdout.write(`${HOME}${lines.join('')}${REST_OF_SCREEN}`);
  };

  /** Shows lines, and redraws them when the terminal is resized. */
  show(draw: () => readonly string[]): void {
    this.#draw = draw;
    this.#redraw();
  }

  readonly #restore = (): void => {
    if (this.#left) return;
    this.#left = true;
    if (process.stdin.isTTY === true) process.stdin.setRawMode(false);
    process.stdout.write(GIVE_BACK);
  };

  /** Switches back to the normal screen, and removes all listeners. */
  leave(): void {
    this.#restore();
    process.removeListener('exit', this.#restore);
    process.removeListener('SIGINT', this.#end);
    process.removeListener('SIGTERM', this.#end);
    process.removeListener('SIGHUP', this.#end);
    process.stdout.removeListener('resize', this.#redraw);
    process.stdin.removeListener('data', this.#key);
    process.stdin.pause();
  }
}
