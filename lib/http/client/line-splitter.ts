import { ClientPayloadError } from './errors.ts';

const NEWLINE = 10;
const RETURN = 13;

/** Smallest buffer, in bytes, for an unfinished line. */
const ROOM_MIN = 256;

/**
 * Splits bytes into lines, however they are divided into pieces. The length of a line is limited,
 * so one that never ends cannot exhaust the memory.
 */
export class LineSplitter {
  readonly #limit: number;
  /** Whether a carriage return alone also ends a line. */
  readonly #returns: boolean;
  #bytes: Uint8Array = Buffer.alloc(0);
  #at = 0;
  /** The unfinished line, in a buffer with room to grow. */
  #begun: Uint8Array = Buffer.alloc(0);
  #length = 0;
  /**
   * The last line ended with a carriage return, so a newline directly after it belongs to that end.
   */
  #returned = false;

  /** @param limit - largest line in bytes. @param returns - whether `\r` alone also ends a line */
  constructor(limit: number, returns: boolean) {
    this.#limit = limit;
    this.#returns = returns;
  }

  /** Adds bytes; `take` must have returned null before, so that none are left. */
  push(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#at = 0;
  }

  /**
   * The next line without its end; null when more bytes are needed.
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

  /** Called at the end of the input: the unfinished last line; null when there is none. */
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
