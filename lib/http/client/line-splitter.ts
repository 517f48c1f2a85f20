import { ClientPayloadError } from './errors.ts';

const NEWLINE = 10;
const RETURN = 13;

/** Room that is made at least for what waits for its end. */
const ROOM_MIN = 256;

/**
 * Takes bytes apart at the ends of lines, however they come; a line that does not end is bounded.
 */
export class LineSplitter {
  readonly #limit: number;
  /** Whether a carriage return alone ends a line, too. */
  readonly #returns: boolean;
  #bytes: Uint8Array = Buffer.alloc(0);
  #at = 0;
  /** A line without its end, which has room to grow. */
  #begun: Uint8Array = Buffer.alloc(0);
  #length = 0;
  /** The last line ended with a carriage return: a newline behind it belongs to it. */
  #returned = false;

  /** @param limit - bytes of a line */
  constructor(limit: number, returns: boolean) {
    this.#limit = limit;
    this.#returns = returns;
  }

  /** More bytes; all that was there before was taken. */
  push(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#at = 0;
  }

  /**
   * The next line without its end; null when there is none yet.
   * @throws ClientPayloadError when it is longer than the limit
   */
  take(): Uint8Array | null {
    if (this.#returned && this.#at < this.#bytes.length) {
      this.#returned = false;
      if (this.#bytes[this.#at] === NEWLINE) this.#at += 1;
    }
    const end = this.#end();
    const found = this.#bytes.subarray(this.#at, end === -1 ? this.#bytes.length : end);
    if (this.#length + found.length > this.#limit) throw this.#tooLong();
    if (end === -1) {
      this.#keep(found);
      this.#at = this.#bytes.length;
      return null;
    }
    this.#at = end + 1;
    this.#returned = this.#returns && this.#bytes[end] === RETURN;
    const line = this.#withBegun(found);
    return !this.#returns && line.at(-1) === RETURN ? line.subarray(0, -1) : line;
  }

  /** There are no more bytes: what is left is a line; null for nothing. */
  last(): Uint8Array | null {
    return this.#length === 0 ? null : this.#withBegun(this.#bytes.subarray(0, 0));
  }

  #end(): number {
    const newline = this.#bytes.indexOf(NEWLINE, this.#at);
    if (!this.#returns) return newline;
    const most = newline === -1 ? this.#bytes.length : newline;
    const back = this.#bytes.subarray(this.#at, most).indexOf(RETURN);
    return back === -1 ? newline : this.#at + back;
  }

  #withBegun(rest: Uint8Array): Uint8Array {
    if (this.#length === 0) return rest;
    this.#keep(rest);
    const line = this.#begun.subarray(0, this.#length);
    this.#begun = Buffer.alloc(0);
    this.#length = 0;
    return line;
  }

  #keep(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#begun.length) {
      const room = Buffer.allocUnsafeSlow(Math.max(length * 2, ROOM_MIN));
      room.set(this.#begun.subarray(0, this.#length));
      this.#begun = room;
    }
    this.#begun.set(bytes, this.#length);
    this.#length = length;
  }

  #tooLong(): ClientPayloadError {
    return new ClientPayloadError(`a line has more than ${this.#limit} bytes (limit)`);
  }
}
