/**
 * The unanswered calls of this thread into other loops. Each loop has a table, whose answers arrive
 * in the loop's inbox; calls made while no loop runs are in a table of the thread, whose answers
 * arrive in a mailbox watched by Node's loop.
 */
import { CancelledError, RuntimeError } from '../../core/errors/errors.ts';
import {
  POST_KIND_CANCEL,
  POST_KIND_ERROR,
  POST_KIND_LOST,
  POST_KIND_RESULT,
  POST_KIND_START,
} from '../../native/layout.ts';
import { loadAddon } from '../../native/load.ts';
import { unpackError } from './remote-error.ts';
import type { PackedError } from './remote-error.ts';
import { ThreadFuture } from './thread-future.ts';
import { Incoming, pack, writeMessage, written } from './wire.ts';
import type { Packed } from './wire.ts';

/**
 * Posts what `writeMessage` has written. @throws RuntimeError when the loop does not accept it;
 * RangeError when it is too large
 */
export function postWritten(inbox: number, size: number): number {
  const number = loadAddon().post(inbox, written, size);
  if (number < 0) throw postError(number);
  return number;
}

/** The error for a code of native/include/oxbow.h. */
function postError(code: number): Error {
  switch (code) {
    case -1:
      return loopClosed();
    case -2:
      return Object.assign(
        new RuntimeError('the loop does not keep up: 1,048,576 messages are waiting for it'),
        { code: 'ENOBUFS' },
      );
    case -4:
      return Object.assign(new RuntimeError('out of memory'), { code: 'ENOMEM' });
    default:
      return new RangeError('the message is too large: 2 GiB is the most');
  }
}

function loopClosed(): RuntimeError {
  return new RuntimeError('Event loop is closed');
}

export class Calls {
  /** The inbox for the answers. */
  readonly inbox: number;
  readonly #hold: (change: 1 | -1) => void;
  readonly #pending = new Map<number, ThreadFuture<any>>();
  #last = 0;

  /**
   * @param inbox - the inbox for the answers
   * @param hold - called when a call begins (+1) and when it is done (-1)
   */
  constructor(inbox: number, hold: (change: 1 | -1) => void) {
    this.inbox = inbox;
    this.#hold = hold;
  }

  /** Calls a function of another loop. @throws RuntimeError when that is closed */
  start<T>(inbox: number, target: number, packed: Packed): ThreadFuture<T> {
    const call = this.#nextNumber();
    const size = writeMessage(POST_KIND_START, call, target, this.inbox, packed);
    const number = postWritten(inbox, size);
    const future = new ThreadFuture<T>((reason) => this.#cancel(inbox, number, call, reason));
    this.#pending.set(call, future);
    this.#hold(1);
    return future;
  }

  #nextNumber(): number {
    do this.#last = (this.#last + 1) >>> 0;
    while (this.#pending.has(this.#last));
    return this.#last;
  }

  #cancel(inbox: number, number: number, call: number, reason: unknown): void {
    if (!this.#remove(call)) return;
    const addon = loadAddon();
    // If it has not started, it never will.
    if (addon.cancelPosted(inbox, number)) return;
    let packed: Packed;
    try {
      packed = pack([reason]);
    } catch {
      packed = pack([String(new CancelledError(reason).message)]);
    }
    // A failure is ignored: a closed loop has already ended its tasks.
    const size = writeMessage(POST_KIND_CANCEL, call, 0, this.inbox, packed);
    addon.post(inbox, written, size);
  }

  #remove(call: number): ThreadFuture<any> | undefined {
    const future = this.#pending.get(call);
    if (future === undefined) return undefined;
    this.#pending.delete(call);
    this.#hold(-1);
    return future;
  }

  /** Takes an answer. @returns false when the post is not an answer */
  take(post: Incoming): boolean {
    const { kind } = post;
    if (kind !== POST_KIND_RESULT && kind !== POST_KIND_ERROR && kind !== POST_KIND_LOST) {
      return false;
    }
    // The call was cancelled meanwhile: nobody waits for the answer.
    const future = this.#remove(post.call);
    if (future === undefined) return true;
    if (kind === POST_KIND_LOST) future._finish('failed', loopClosed());
    else this.#settle(future, kind, post);
    return true;
  }

  #settle(future: ThreadFuture<any>, kind: number, post: Incoming): void {
    let value: unknown;
    try {
      [value] = post.values();
      if (kind === POST_KIND_ERROR) value = unpackError(value as PackedError);
    } catch (error) {
      future._finish('failed', error);
      return;
    }
    if (kind === POST_KIND_RESULT) future._finish('finished', value);
    else if (value instanceof CancelledError) future._finish('cancelled', value.reason);
    else future._finish('failed', value);
  }

  /** The loop that receives the answers is closed: fails all pending calls. */
  fail(): void {
    for (const [call, future] of this.#pending) {
      this.#pending.delete(call);
      future._finish('failed', loopClosed());
    }
  }
}

let ofThread: Calls | null = null;

/** The calls made while no loop runs. They keep the thread alive until they are answered. */
export function threadCalls(): Calls {
  if (ofThread !== null) return ofThread;
  const incoming = new Incoming();
  const mailbox = new (loadAddon().Mailbox)(() => {
    for (let first = true; incoming.take(mailbox, first); first = false) calls.take(incoming);
  });
  let held = 0;
  const calls = new Calls(mailbox.inbox(), (change) => {
    held += change;
    if (held === 1 && change === 1) mailbox.ref();
    if (held === 0) mailbox.unref();
  });
  ofThread = calls;
  return calls;
}
