/**
 * One message for many: its frames are made once, and stand once in the arena that they leave from.
 */
import { bytesOf, type Data, lengthOf, notDataError } from '../../io/data.ts';
import { CONTROL_TRANSMIT_USED } from '../../native/layout.ts';
import type { Rings } from '../../native/rings.ts';
import { Deflate, SharedCoders } from './deflate.ts';
import { BINARY, frameOf, PACKED, TEXT } from './frames.ts';

/** Frames of up to this many bytes are sent from the arena. */
const PLACED_MAX = 8192;

export interface SharedFrame {
  readonly bytes: Buffer;
  /** Where it stands in the arena, while the message is handed out; -1 for nowhere. */
  readonly place: number;
}

export class SharedMessage {
  readonly #rings: Rings;
  readonly #payload: Uint8Array;
  readonly #first: number;
  #plain: SharedFrame | null = null;
  #packed: Map<number, SharedFrame> | null = null;
  #end = 0;

  /** @throws TypeError for what is neither text nor bytes */
  constructor(rings: Rings, data: Data) {
    const bytes = typeof data === 'string' ? Buffer.from(data) : bytesOf(data);
    if (bytes === undefined) throw notDataError(data);
    this.#rings = rings;
    this.#payload = bytes;
    this.#first = typeof data === 'string' ? TEXT : BINARY;
  }

  get size(): number {
    return lengthOf(this.#payload);
  }

  plain(): SharedFrame {
    return (this.#plain ??= this.#place(frameOf(this.#first, this.#payload, false)));
  }

  /** Packed by itself, for all who have agreed to windows of this size. */
  packed(windowBits: number, level: number | undefined): SharedFrame {
    const frames = (this.#packed ??= new Map());
    let frame = frames.get(windowBits);
    if (frame === undefined) {
      const terms = { ownTakeover: false, peerTakeover: false, windowBits };
      const packed = new Deflate(terms, coders, level, 0).pack(this.#payload);
      frame = this.#place(frameOf(this.#first | PACKED, packed, false));
      frames.set(windowBits, frame);
    }
    return frame;
  }

  /**
   * After each send: what stands in the arena stays until the last has it, also when C++ has taken
   * the arena's bytes meanwhile, or when a frame that stands before others was sent last.
   */
  guard(): void {
    const { control } = this.#rings;
    if (control[CONTROL_TRANSMIT_USED]! < this.#end) control[CONTROL_TRANSMIT_USED] = this.#end;
  }

  #place(bytes: Buffer): SharedFrame {
    if (bytes.length > PLACED_MAX) return { bytes, place: -1 };
    const rings = this.#rings;
    const place = rings.reserve(bytes.length);
    if (place < this.#end) {
      // The arena was full, and what stood there is going to be written over.
      return { bytes, place: -1 };
    }
    rings.transmit.set(bytes, place);
    this.#end = place + bytes.length;
    rings.control[CONTROL_TRANSMIT_USED] = this.#end;
    return { bytes, place };
  }
}

const coders = new SharedCoders();
