/**
 * Posts between threads as bytes: a header (`POST_…` in the layout), then values.
 *
 * A few numbers, short strings and small plain objects, which is what most calls pass, are written
 * by hand, in a tenth of the time that V8's serializer takes to set itself up. Everything else is
 * written by V8, so the values supported are those of structured clone, except transferred and
 * shared objects.
 */
import {
  POST_CALL,
  POST_FORMAT,
  POST_FUNCTION,
  POST_HEADER_BYTES,
  POST_KIND,
  POST_REPLY_TO,
} from '../../native/layout.ts';
import { SmallJson } from './small-json.ts';

const FORMAT_SMALL = 0;
const FORMAT_V8 = 1;

// The type tags of small values.
const UNDEFINED = 0;
const NULL = 1;
const TRUE = 2;
const FALSE = 3;
const INTEGER = 4;
const DOUBLE = 5;
const LATIN1 = 6;
const UTF16 = 7;
const JSON_LATIN1 = 8;
const JSON_UTF16 = 9;

/** More or longer values than these go through V8. */
const SMALL_VALUES_MAX = 16;
const SMALL_STRING_MAX = 512;

/** The initial size of a buffer: enough for any post of small values. */
const BUFFER_BYTES = 1 << 16;

/** Memory for one post, and views on its header. */
class Frame {
  bytes: Buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  words: Uint32Array = new Uint32Array(this.bytes.buffer, 0, POST_HEADER_BYTES / 4);
  doubles: Float64Array = new Float64Array(this.bytes.buffer, 0, POST_HEADER_BYTES / 8);

  grow(size: number): void {
    this.bytes = Buffer.allocUnsafeSlow(size);
    this.words = new Uint32Array(this.bytes.buffer, 0, POST_HEADER_BYTES / 4);
    this.doubles = new Float64Array(this.bytes.buffer, 0, POST_HEADER_BYTES / 8);
  }
}

/** Values that are ready to be sent. Packing may run user code (getters); sending does not. */
export type Packed = readonly unknown[] | Buffer;

/** The text of a small object. */
class Json {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

let v8: typeof import('node:v8') | null = null;

/** Loaded on first use: most programs pass nothing, or only small values. */
function serializer(): typeof import('node:v8') {
  return (v8 ??= process.getBuiltinModule('node:v8'));
}

/** @throws what V8 throws for values that cannot be cloned */
export function pack(values: readonly unknown[]): Packed {
  return packSmall(values) ?? serializer().serialize(values);
}

/** The values with objects replaced by JSON text; null when they are not all small. */
function packSmall(values: readonly unknown[]): readonly unknown[] | null {
  if (values.length > SMALL_VALUES_MAX) return null;
  let small: unknown[] | null = null;
  let json: SmallJson | null = null;
  for (let n = 0; n < values.length; n++) {
    const value = values[n];
    switch (typeof value) {
      case 'undefined':
      case 'boolean':
      case 'number':
        break;
      case 'string':
        if (value.length > SMALL_STRING_MAX) return null;
        break;
      case 'object': {
        if (value === null) break;
        const text = (json ??= new SmallJson()).write(value);
        if (text === null) return null;
        (small ??= [...values])[n] = new Json(text);
        break;
      }
      default:
        return null;
    }
  }
  return small ?? values;
}

let outgoing: Frame | null = null;

/** The post that was written last, for the call that sends it. */
export let written: Buffer;

/** Writes a post. @returns its size; its bytes are in `written` until the next one */
export function writeMessage(
  kind: number,
  call: number,
  target: number,
  replyTo: number,
  packed: Packed,
): number {
  const frame = (outgoing ??= new Frame());
  let size: number;
  if (Buffer.isBuffer(packed)) {
    size = POST_HEADER_BYTES + packed.length;
    if (size > frame.bytes.length) frame.grow(size);
    packed.copy(frame.bytes, POST_HEADER_BYTES);
  } else {
    size = writeSmall(frame.bytes, packed as readonly unknown[]);
  }
  const { words } = frame;
  words[POST_KIND] = kind;
  words[POST_CALL] = call;
  words[POST_FUNCTION] = target;
  words[POST_FORMAT] = Buffer.isBuffer(packed) ? FORMAT_V8 : FORMAT_SMALL;
  frame.doubles[POST_REPLY_TO] = replyTo;
  written = frame.bytes;
  // A frame that one huge post has enlarged is not kept.
  if (frame.bytes.length > BUFFER_BYTES * 16) outgoing = null;
  return size;
}

function writeSmall(bytes: Buffer, values: readonly unknown[]): number {
  let at = POST_HEADER_BYTES;
  for (const value of values) {
    if (typeof value === 'string') at = writeString(bytes, at, value, LATIN1);
    else if (value instanceof Json) at = writeString(bytes, at, value.text, JSON_LATIN1);
    else if (typeof value === 'number') at = writeNumber(bytes, at, value);
    else if (value === undefined) bytes[at++] = UNDEFINED;
    else if (value === null) bytes[at++] = NULL;
    else bytes[at++] = value === true ? TRUE : FALSE;
  }
  return at;
}

function writeNumber(bytes: Buffer, at: number, value: number): number {
  if ((value | 0) === value && !Object.is(value, -0)) {
    bytes[at] = INTEGER;
    return bytes.writeInt32LE(value, at + 1);
  }
  bytes[at] = DOUBLE;
  return bytes.writeDoubleLE(value, at + 1);
}

/** @param kind - the tag for Latin-1 text; the next number is the tag for UTF-16 */
function writeString(bytes: Buffer, at: number, value: string, kind: number): number {
  let wide = false;
  for (let n = 0; n < value.length && !wide; n++) wide = value.charCodeAt(n) > 255;
  bytes[at] = wide ? kind + 1 : kind;
  const start = bytes.writeUInt16LE(value.length, at + 1);
  // UTF-16 code units unchanged: a lone surrogate cannot be written in UTF-8.
  return start + bytes.write(value, start, wide ? 'utf16le' : 'latin1');
}

/** A source of posts: an engine or a mailbox. */
export interface Posts {
  takePosted(memory: Uint8Array | null, first: boolean): number;
}

/** The post that was taken last. */
export class Incoming {
  readonly #usual = new Frame();
  #frame: Frame = this.#usual;
  #size = 0;

  /** Takes the next post. @returns false when there is none */
  take(from: Posts, first = false): boolean {
    this.#frame = this.#usual;
    let size = from.takePosted(this.#usual.bytes, first);
    if (size < 0) {
      this.#frame = frameFor(from, -size);
      size = from.takePosted(this.#frame.bytes, false);
    }
    this.#size = size;
    return size > 0;
  }

  get kind(): number {
    return this.#frame.words[POST_KIND]!;
  }

  get call(): number {
    return this.#frame.words[POST_CALL]!;
  }

  get target(): number {
    return this.#frame.words[POST_FUNCTION]!;
  }

  get replyTo(): number {
    return this.#frame.doubles[POST_REPLY_TO]!;
  }

  /** A copy of the bytes after the header. */
  body(): Buffer {
    const { bytes } = this.#frame;
    // Not from the pool: views that V8 creates on it would expose other buffers of the pool.
    const copy = Buffer.allocUnsafeSlow(this.#size - POST_HEADER_BYTES);
    bytes.copy(copy, 0, POST_HEADER_BYTES, this.#size);
    return copy;
  }

  /** The values that were packed. */
  values(): unknown[] {
    if (this.#frame.words[POST_FORMAT] === FORMAT_V8) {
      return serializer().deserialize(this.body()) as unknown[];
    }
    return readSmall(this.#frame.bytes, this.#size);
  }
}

function frameFor(from: Posts, size: number): Frame {
  try {
    const frame = new Frame();
    frame.grow(size);
    return frame;
  } catch (error) {
    // There is no memory for the post. Drop it, or it would be returned again and again.
    from.takePosted(null, false);
    throw error;
  }
}

function readSmall(bytes: Buffer, end: number): unknown[] {
  const values: unknown[] = [];
  let at = POST_HEADER_BYTES;
  while (at < end) {
    const kind = bytes[at++];
    switch (kind) {
      case UNDEFINED:
        values.push(undefined);
        break;
      case NULL:
        values.push(null);
        break;
      case TRUE:
        values.push(true);
        break;
      case FALSE:
        values.push(false);
        break;
      case INTEGER:
        values.push(bytes.readInt32LE(at));
        at += 4;
        break;
      case DOUBLE:
        values.push(bytes.readDoubleLE(at));
        at += 8;
        break;
      default: {
        const length = bytes.readUInt16LE(at);
        const wide = kind === UTF16 || kind === JSON_UTF16;
        const stop = at + 2 + (wide ? length * 2 : length);
        const text = bytes.toString(wide ? 'utf16le' : 'latin1', at + 2, stop);
        values.push(kind === LATIN1 || kind === UTF16 ? text : JSON.parse(text));
        at = stop;
      }
    }
  }
  return values;
}
