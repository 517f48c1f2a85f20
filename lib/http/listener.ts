import type { CompletionTarget, EventLoop } from '../core/event-loop.ts';
import { errnoError } from '../core/errno.ts';
import type { MessageLimits } from '../native/binding.ts';
import {
  ADDRESS_LOCAL, COMPLETION_LENGTH, COMPLETION_OFFSET, COMPLETION_OP_ACCEPT,
  COMPLETION_OP_ACCEPT_FAILED, COMPLETION_OP_CLOSED, COMPLETION_RESULT, CONTROL_LAST_GENERATION,
  SUBMISSION_OP_ACCEPT_START, SUBMISSION_OP_CLOSE,
} from '../native/layout.ts';

/** Seconds until accepting is tried again after the process ran out of descriptors. */
const RETRY = 1;

/** A listening socket: hands every accepted connection on, and outlives a lack of descriptors. */
export class Listener implements CompletionTarget {
  readonly _generation: number;
  readonly address: string;
  readonly port: number;
  readonly #loop: EventLoop;
  readonly #handle: number;
  readonly #onAccept: (handle: number, generation: number) => void;
  #closed = false;

  /** @throws an Error with `code` EADDRINUSE, EACCES, … when the address cannot be had */
  constructor(
    loop: EventLoop, address: string, port: number, flags: number, backlog: number,
    limits: MessageLimits | null, onAccept: (handle: number, generation: number) => void,
  ) {
    const engine = loop._engine;
    const handle = engine.listen(address, port, flags, backlog, limits);
    if (handle < 0) throw errnoError(handle, 'listen', { address, port });
    this.#loop = loop;
    this.#handle = handle;
    this.#onAccept = onAccept;
    this._generation = loop._rings.control[CONTROL_LAST_GENERATION]!;
    const end = engine.address(handle, this._generation, ADDRESS_LOCAL);
    if (typeof end === 'number') throw errnoError(end, 'getsockname', { address, port });
    this.address = end[0];
    this.port = end[1];
    loop._register(handle, this._generation, this);
    this.#submit(SUBMISSION_OP_ACCEPT_START);
  }

  _complete(op: number, words: Int32Array, at: number): void {
    if (op === COMPLETION_OP_ACCEPT) {
      this.#onAccept(words[at + COMPLETION_OFFSET]!, words[at + COMPLETION_LENGTH]! >>> 0);
    } else if (op === COMPLETION_OP_ACCEPT_FAILED) {
      this.#onFailed(words[at + COMPLETION_RESULT]!);
    } else if (op === COMPLETION_OP_CLOSED) {
      this.#loop._unregister(this.#handle);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#submit(SUBMISSION_OP_CLOSE);
  }

  #onFailed(errno: number): void {
    if (this.#closed) return;
    this.#loop.callExceptionHandler({
      message: `accept failed on ${this.address}:${this.port}, trying again in ${RETRY} s`,
      exception: errnoError(errno, 'accept'),
    });
    this.#loop.callLater(RETRY, () => {
      if (!this.#closed) this.#submit(SUBMISSION_OP_ACCEPT_START);
    });
  }

  #submit(op: number): void {
    this.#loop._rings.submit(op, this.#handle, this._generation);
  }
}
