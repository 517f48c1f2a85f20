import { errnoError } from '../core/errno.ts';
import type { CompletionTarget, EventLoop } from '../core/event-loop.ts';
import type { TimerHandle } from '../core/handle.ts';
import {
  COMPLETION_LENGTH, COMPLETION_OFFSET, COMPLETION_OP_ACCEPT, COMPLETION_OP_ACCEPT_FAILED,
  COMPLETION_OP_CLOSED, COMPLETION_RESULT, SUBMISSION_OP_ABORT, SUBMISSION_OP_ACCEPT_START,
  SUBMISSION_OP_ACCEPT_STOP,
} from '../native/layout.ts';
import { TransportSocket } from './transport-socket.ts';

/** Who takes what a listener accepts. */
export interface Acceptor {
  _accepted(handle: number, generation: number): void;
}

/** Seconds before accepting is tried again after the system had nothing left for it. */
const RETRY_SECONDS = 1;

/**
 * One listening socket. C++ accepts a bounded number of connections a turn and each comes here as
 * a completion.
 *
 * When the process or the system is out of descriptors or memory, a connection that cannot be
 * accepted stays in the kernel's queue and would be announced again at once, for ever. So
 * accepting stops for a second; the failure is reported when it begins, not each second.
 */
export class Listener implements CompletionTarget {
  readonly _handle: number;
  readonly _generation: number;
  readonly socket: TransportSocket;
  readonly #loop: EventLoop;
  #acceptor: Acceptor | null = null;
  #retry: TimerHandle | null = null;
  #starved = false;
  #closed = false;

  constructor(loop: EventLoop, handle: number, generation: number) {
    this.#loop = loop;
    this._handle = handle;
    this._generation = generation;
    this.socket = new TransportSocket(loop, handle, generation);
    loop._register(handle, generation, this);
  }

  start(acceptor: Acceptor): void {
    this.#acceptor = acceptor;
    this.#submit(SUBMISSION_OP_ACCEPT_START);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#retry?.cancel();
    this.#retry = null;
    this.#submit(SUBMISSION_OP_ABORT);
  }

  _complete(op: number, words: Int32Array, at: number): void {
    if (op === COMPLETION_OP_ACCEPT) {
      this.#starved = false;
      this.#acceptor!._accepted(words[at + COMPLETION_OFFSET]!, words[at + COMPLETION_LENGTH]!);
    } else if (op === COMPLETION_OP_ACCEPT_FAILED) {
      if (!this.#closed) this.#failed(words[at + COMPLETION_RESULT]!);
    } else if (op === COMPLETION_OP_CLOSED) {
      this.#loop._unregister(this._handle);
    }
  }

  #failed(errno: number): void {
    if (this.#retry !== null) return;
    this.#submit(SUBMISSION_OP_ACCEPT_STOP);
    this.#retry = this.#loop.callLater(RETRY_SECONDS, () => {
      this.#retry = null;
      this.#submit(SUBMISSION_OP_ACCEPT_START);
    });
    if (this.#starved) return;
    this.#starved = true;
    this.#loop.callExceptionHandler({
      message: 'accept() failed; the listener is kept and tries again every second',
      exception: errnoError(errno, 'accept'),
      socket: this.socket,
    });
  }

  #submit(op: number): void {
    this.#loop._rings.submit(op, this._handle, this._generation);
  }
}
