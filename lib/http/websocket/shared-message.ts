/** One message for many receivers: its frames are made once, and put into the arena once. */
import { bytesOf, type Data, lengthOf, notDataError } from '../../io/data.ts';
import { CONTROL_TRANSMIT_USED } from '../../native/layout.ts';
import type { Rings } from '../../native/rings.ts';
import { Deflate, kindOf, SharedCoders } from './deflate.ts';
import { BINARY, frameOf, PACKED, TEXT } from './frames.ts';

/** Largest frame, in bytes, that is sent from the arena. */
const PLACED_MAX = 8192;

export interface SharedFrame {
  readonly bytes: Buffer;
  /** Its position in the arena, valid while the message is being sent; -1 when it is not there. */
  readonly place: number;
}

export class SharedMessage {
  readonly #rings: Rings;
  readonly #payload: Uint8Array;
  readonly #first: number;
  #plain: SharedFrame | null = null;
  #packed: Map<number, SharedFrame> | null = null;
  #end = 0;

  /** @throws TypeError when it is neither text nor bytes */
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

  /** The frame compressed without context, for all connections with this window size and level. */
  packed(windowBits: number, level: number | undefined): SharedFrame {
    const frames = (this.#packed ??= new Map());
    const kind = kindOf(windowBits, level);
    let frame = frames.get(kind);
    if (frame === undefined) {
      const terms = { ownTakeover: false, peerTakeover: false, windowBits };
      const packed = new Deflate(terms, coders, level, 0).pack(this.#payload);
      frame = this.#place(frameOf(this.#first | PACKED, packed, false));
      frames.set(kind, frame);
    }
    return frame;
  }

  /**
   * Called after each send: keeps the frames in the arena until the last receiver has them,
   * although C++ may have taken the bytes of the arena meanwhile, or the frame sent last is not the
   * last one.
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
      // The arena was full and is filled from its start again, so this frame is sent without a
      // place.
      return { bytes, place: -1 };
    }
    rings.transmit.set(bytes, place);
    this.#end = place + bytes.length;
    rings.control[CONTROL_TRANSMIT_USED] = this.#end;
    return { bytes, place };
  }
}

const coders = new SharedCoders();
