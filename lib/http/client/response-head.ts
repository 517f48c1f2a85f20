import type { ChunkHolder, MessageHead } from '../message/head-chunk.ts';
import { HeadChunk, OwnHead } from '../message/head-chunk.ts';
import type { BodySource } from '../message/incoming-body.ts';
import { IncomingBody } from '../message/incoming-body.ts';
import { ReceivedHeaders } from '../message/received-headers.ts';

/**
 * The head of a response in its receive chunk, and the body as far as it has arrived. Most
 * responses are small and arrive complete: then the bytes are read from the chunk, and the
 * machinery for a body in pieces is not created.
 */
export class ResponseHead implements ChunkHolder {
  /** The chunk, or copy, that holds the head, and the position of its record. */
  chunk: MessageHead;
  record: number;
  /** The lines of the trailers. */
  trailers = '';
  readonly #source: BodySource;
  /** Length of the body in bytes; Infinity when it is chunked or ends with the connection. */
  readonly #expected: number;
  #headers: ReceivedHeaders | null = null;
  #body: IncomingBody | null = null;
  /** The only piece so far: its chunk and its range there. */
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

  /** The header fields, in the chunk or its copy. */
  get headers(): ReceivedHeaders {
    return (this.#headers ??= new ReceivedHeaders(this.chunk, this.record));
  }

  /** The body takes long, so the head is copied and its chunk is released. */
  _leaveChunk(): void {
    if (this.complete || !(this.chunk instanceof HeadChunk)) return;
    const own = new OwnHead(this.chunk, this.record);
    this.chunk = own;
    this.record = 0;
    this.#headers?._move(own, 0);
  }

  /** The body as a stream of pieces, for readers that do not take it whole. */
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

  /** Whether its reader has given up. */
  get dropped(): boolean {
    return this.#body !== null && this.#body.dropped;
  }

  /** Bytes of the body that were received. */
  get received(): number {
    return this.#body === null ? this.#to - this.#from : this.#body.received;
  }

  /** The body, if it is being received into its own memory; else null. */
  get direct(): IncomingBody | null {
    return this.#body !== null && this.#body._direct ? this.#body : null;
  }

  /** Whether the complete body is one piece in a chunk; see `whole` and `text`. */
  get isWhole(): boolean {
    return this.#ended && this.#body === null;
  }

  /** The bytes of a body that `isWhole`; still in the receive chunk. */
  whole(): Uint8Array {
    this.#read = true;
    return this.#piece === null ? NOTHING : this.#piece.bytes.subarray(this.#from, this.#to);
  }

  /** The text of a body that `isWhole` and is UTF-8. */
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

  /** @param trailers - the lines of the trailers */
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
    // It was read as a whole, so it cannot be read in pieces.
    if (this.#read) body._claim(() => {});
    return body;
  }
}

const NOTHING = new Uint8Array(0);
