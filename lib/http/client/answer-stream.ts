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

/** Interim responses (1xx) to one request; more are no progress. */
const INTERIM_MAX = 32;

/** A connection on which answers come: a head after interim ones, and perhaps a body. */
export abstract class AnswerStream extends MessageStream {
  #interim = 0;

  /** A head that is an answer: its status is no interim one, or 101. */
  abstract _onHead(chunk: HeadChunk, record: number, status: number): void;

  /** A piece of the body stands in `chunk`. */
  abstract _onBody(chunk: HeadChunk, offset: number, length: number): void;

  /** @param trailers - the lines of fields behind the body */
  abstract _onMessageEnd(trailers: string): void;

  /** What came is no answer. */
  abstract _onRefused(message: string): void;

  /** More can be received of a body that goes into its own memory. */
  _onReadable(): void {}

  /** Who answers, for messages. */
  abstract readonly _peer: string;

  /** The answer is on its way, or the body is asked for (100). */
  _onInterim(_status: number): void {}

  /** Another request goes out. */
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
