import {
  COMPLETION_CHUNK,
  COMPLETION_LENGTH,
  COMPLETION_OFFSET,
  COMPLETION_OP_MESSAGE_BODY,
  COMPLETION_OP_MESSAGE_END,
  COMPLETION_OP_MESSAGE_FAILED,
  COMPLETION_OP_MESSAGE_HEAD,
  COMPLETION_OP_READABLE,
  HEAD_STATUS,
} from '../../native/layout.ts';
import type { HeadChunk } from '../message/head-chunk.ts';
import { headChunk } from '../message/head-chunk.ts';
import { trailersAt } from '../message/received-trailers.ts';
import { MessageStream } from '../message/message-stream.ts';

/** How many interim responses (1xx) one request may get; more are treated as an error. */
const INTERIM_MAX = 32;

/**
 * A connection that receives responses: for each, interim heads, the final head, and perhaps a
 * body.
 */
export abstract class AnswerStream extends MessageStream {
  #interim = 0;

  /** The head of a final response: its status is 200 or above, or 101. */
  abstract _onHead(chunk: HeadChunk, record: number, status: number): void;

  /** A piece of the body was received into `chunk`. */
  abstract _onBody(chunk: HeadChunk, offset: number, length: number): void;

  /** The message is complete. @param trailers - the lines of the trailers */
  abstract _onMessageEnd(trailers: string): void;

  /** The peer sent something that is not a valid response. */
  abstract _onRefused(message: string): void;

  /** There are bytes to read for a body that is received into its own memory. */
  _onReadable(): void {}

  /** The name of the peer in error messages. */
  abstract readonly _peer: string;

  /** An interim response came: the final one will follow, or (100) the body may be sent. */
  _onInterim(_status: number): void {}

  /** Called before each request: starts counting interim responses anew. */
  _expectAnswer(): void {
    this.#interim = 0;
  }

  _complete(op: number, words: Int32Array, at: number): void {
    switch (op) {
      case COMPLETION_OP_MESSAGE_HEAD: {
        const chunk = headChunk(this._loop._chunk(words[at + COMPLETION_CHUNK]!));
        const record = words[at + COMPLETION_OFFSET]! >>> 2;
        const status = chunk.words[record + HEAD_STATUS]!;
        if (status >= 200 || status === 101) this._onHead(chunk, record, status);
        else if (++this.#interim <= INTERIM_MAX) this._onInterim(status);
        else this._onRefused(`more than ${INTERIM_MAX} interim responses (1xx)`);
        return;
      }
      case COMPLETION_OP_MESSAGE_BODY:
        return this._onBody(
          headChunk(this._loop._chunk(words[at + COMPLETION_CHUNK]!)),
          words[at + COMPLETION_OFFSET]!,
          words[at + COMPLETION_LENGTH]!,
        );
      case COMPLETION_OP_MESSAGE_END:
        return this._onMessageEnd(trailersAt(this._loop, words, at));
      case COMPLETION_OP_MESSAGE_FAILED:
        if (words[at + COMPLETION_LENGTH] === 1) this._onEnd();
        else {
          const why = this._rings.engine.refusalText(words[at + COMPLETION_OFFSET]!);
          this._onRefused(`${this._peer} sent no valid HTTP/1.1 response: ${why}`);
        }
        return;
      case COMPLETION_OP_READABLE:
        return this._onReadable();
      default:
        this._completeCommon(op, words, at);
    }
  }
}
