import type { ChunkHolder, MessageHead } from '../message/head-chunk.ts';
import { HeadChunk, OwnHead } from '../message/head-chunk.ts';
import type { BodySource } from '../message/incoming-body.ts';
import { IncomingBody } from '../message/incoming-body.ts';
import { ReceivedHeaders } from '../message/received-headers.ts';

/**
 * The head of a response where it was received, and what came of the body that follows it. Most
 * answers are small and come as a whole: then their bytes are read from where they were received,
 * and nothing is made for a body that could arrive in pieces.
 */
export class ResponseHead implements ChunkHolder {
  /** Where it stands, and its record there. */
  chunk: MessageHead;
  record: number;
  /** The lines of the fields behind the body. */
  trailers = '';
  readonly #source: BodySource;
  /** Bytes that the body should have; Infinity when its end shows in another way. */
  readonly #expected: number;
  #headers: ReceivedHeaders | null = null;
  #body: IncomingBody | null = null;
  /** The only piece so far: its chunk and where it stands in it. */
  #piece: HeadChunk | null = null;
  #from = 0;
  #to = 0;
  #ended = false;
  #read = false;

  constructor(source: BodySource, chunk: HeadChunk, record: number, expected: number) {
    this.#source = source;
    this.chunk = chunk;
    this.record = record;
    this.#expected = expected;
  }

  /** Its fields, wherever they stand. */
  get headers(): ReceivedHeaders {
    return (this.#headers ??= new ReceivedHeaders(this.chunk, this.record));
  }

  /** The body is long on its way, so the head must not keep its chunk. */
  _leaveChunk(): void {
    if (this.complete || !(this.chunk instanceof HeadChunk)) return;
    const own = new OwnHead(this.chunk, this.record);
    this.chunk = own;
    this.record = 0;
    this.#headers?._move(own, 0);
  }

  /** The body for readers that do not take it all at once. */
  get body(): IncomingBody {
    return this.#body ?? this.#makeBody();
  }

  /** Whether the last byte has arrived, or no more will. */
  get complete(): boolean {
    return this.#body === null ? this.#ended : this.#body.complete;
  }

  /** Whether reading the body has begun. */
  get used(): boolean {
    return this.#body === null ? this.#read : this.#body.used;
  }

  /** Whether nobody gets what comes from now on. */
  get dropped(): boolean {
    return this.#body !== null && this.#body.dropped;
  }

  /** Bytes of the body that have arrived. */
  get received(): number {
    return this.#body === null ? this.#to - this.#from : this.#body.received;
  }

  /** The body, if it is being received into its own memory. */
  get direct(): IncomingBody | null {
    return this.#body !== null && this.#body._direct ? this.#body : null;
  }

  /** Whether all of the body stands in one place; see `whole` and `text`. */
  get isWhole(): boolean {
    return this.#ended && this.#body === null;
  }

  /** All bytes of a body that is whole; they are in a receive chunk still. */
  whole(): Uint8Array {
    this.#read = true;
    return this.#piece === null ? NOTHING : this.#piece.bytes.subarray(this.#from, this.#to);
  }

  /** The text of a body that is whole and UTF-8. */
  text(): string {
    this.#read = true;
    return this.#piece === null ? '' : this.#piece.utf8(this.#from, this.#to);
  }

  _push(chunk: HeadChunk, offset: number, length: number): void {
    if (this.#body === null && this.#piece === null) {
      this.#piece = chunk;
      this.#from = offset;
      this.#to = offset + length;
    } else this.body._push(chunk.bytes.subarray(offset, offset + length));
  }

  /** @param trailers - the lines of fields behind the body */
  _end(trailers = ''): void {
    this.trailers = trailers;
    if (this.#body === null) this.#ended = true;
    else this.#body._end();
  }

  #makeBody(): IncomingBody {
    const body = new IncomingBody(this.#source, this.#expected);
    this.#body = body;
    if (this.#piece !== null) body._push(this.#piece.bytes.subarray(this.#from, this.#to));
    this.#piece = null;
    if (this.#ended) body._end();
    // What was read as a whole is gone for readers of pieces.
    if (this.#read) body._claim(() => {});
    return body;
  }
}

const NOTHING = new Uint8Array(0);
