/**
 * One piece of work on its way through a thread.
 *
 * It has a channel of its own. The arguments are put into it at once, so what is changed after the
 * call does not matter, and an argument that cannot travel is an error at the place of the call. A
 * cancel is put into it too: the thread looks before it begins, so work that was cancelled in time
 * is never begun, however far it has come. The outcome comes back through it, which lets the thread
 * find out by itself that a result cannot travel.
 */
import type { MessagePort, TransferListItem } from 'node:worker_threads';

import { AbortError, RuntimeError } from '../../core/errors/errors.ts';
import { describe } from '../../core/support/describe.ts';
import { workerThreads } from '../../core/support/worker-threads.ts';
import { unpackError } from '../share/remote-error.ts';
import type { PackedError } from '../share/remote-error.ts';
import { threadWork } from './thread-work.ts';
import type { WorkMessage } from './thread-work.ts';

/** What the thread is sent. */
export interface JobMessage extends WorkMessage {
  readonly port: MessagePort;
}

/** What the thread answers; nothing, when it found a cancel. */
export interface JobAnswer {
  readonly value?: unknown;
  readonly error?: PackedError;
}

export class ThreadJob {
  readonly message: JobMessage;
  readonly outcome: Promise<unknown>;
  /** Ends the thread in which it runs; only there when that was asked for. */
  readonly kill: AbortController | null;
  /** Whether it is on its way to a thread, which then closes its end of the channel. */
  begun = false;
  /** Whether the outcome is known; the thread may still run. */
  settled = false;
  readonly #port: MessagePort;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;

  /**
   * @throws TypeError for anything but work; DataCloneError naming an argument that cannot travel
   */
  constructor(work: unknown, args: readonly unknown[], killable: boolean) {
    const { message, transfer } = threadWork(work);
    if (!Array.isArray(args)) throw new TypeError(`args: ${describe(args)} is not an array`);
    const { port1, port2 } = new (workerThreads().MessageChannel)();
    try {
      port1.postMessage(args, transfer as TransferListItem[]);
    } catch (cause) {
      port1.close();
      throw explainArgument(args, transfer, cause);
    }
    this.#port = port1;
    this.message = { ...message, port: port2 };
    this.kill = killable ? new AbortController() : null;
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Takes the outcome from the channel; none means that the thread has come to its end. */
  finish(failure: unknown): void {
    if (this.settled) return;
    try {
      const { receiveMessageOnPort } = workerThreads();
      const answer = receiveMessageOnPort(this.#port)?.message as JobAnswer | undefined;
      if (answer === undefined) this.fail(threadEnded(this.message.label, failure));
      else if (answer.error !== undefined) this.fail(unpackError(answer.error));
      else this.#succeed(answer.value);
    } catch (error) {
      this.fail(error);
    }
  }

  #succeed(value: unknown): void {
    this.#close();
    this.#resolve(value);
  }

  /** Nobody waits for it any more, for this reason; if it has not begun, it never does. */
  fail(error: unknown): void {
    if (this.settled) return;
    if (this.begun) this.#port.postMessage(null);
    else this.message.port.close();
    this.#close();
    this.#reject(error);
  }

  #close(): void {
    this.settled = true;
    this.#port.close();
  }

  abort(reason: unknown): void {
    this.fail(new AbortError(reason));
    this.kill?.abort();
  }
}

function threadEnded(label: string, cause: unknown): Error {
  const error = new RuntimeError(
    `the thread that ran ${label} has ended: ` +
      `${cause instanceof Error ? cause.message : describe(cause)}`,
    { cause },
  );
  const code = (cause as { code?: unknown } | null)?.code;
  return code === undefined ? error : Object.assign(error, { code });
}

function explainArgument(
  args: readonly unknown[],
  transfer: readonly unknown[],
  cause: unknown,
): unknown {
  const index = args.findIndex((arg) => !travels(arg, transfer));
  const reason = cause instanceof Error ? cause.message : String(cause);
  // All of them would travel: then it is the list of what is transferred.
  const what = index < 0 ? 'transfer' : `argument ${index + 1} (${describe(args[index])})`;
  return new DOMException(
    `${what} cannot travel to a thread: ${reason.split('\n')[0]}`,
    'DataCloneError',
  );
}

/** Whether a value alone can be sent; what is in the list must not be given away by the attempt. */
function travels(value: unknown, transfer: readonly unknown[]): boolean {
  if (transfer.includes(value)) return true;
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
