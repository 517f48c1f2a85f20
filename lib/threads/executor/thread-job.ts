/**
 * One piece of work on its way through a thread.
 *
 * Each job has its own MessageChannel. The arguments are posted to it at once, so later changes to
 * them do not matter, and an argument that cannot be copied throws at the call. A cancel is posted
 * to it too: the thread checks for one before it starts, so work that was cancelled in time never
 * runs. The result comes back through it, so the thread itself notices when a result cannot be
 * copied.
 */
import type { MessagePort, TransferListItem } from 'node:worker_threads';

import { AbortError, RuntimeError } from '../../core/errors/errors.ts';
import { describe } from '../../core/support/describe.ts';
import { workerThreads } from '../../core/support/worker-threads.ts';
import { unpackError } from '../share/remote-error.ts';
import type { PackedError } from '../share/remote-error.ts';
import { threadWork } from './thread-work.ts';
import type { WorkMessage } from './thread-work.ts';

/** The message to the thread. */
export interface JobMessage extends WorkMessage {
  readonly port: MessagePort;
}

/** The answer of the thread; it sends none when it found a cancel. */
export interface JobAnswer {
  readonly value?: unknown;
  readonly error?: PackedError;
}

export class ThreadJob {
  readonly message: JobMessage;
  readonly outcome: Promise<unknown>;
  /** Terminates the thread in which it runs; null unless `terminateOnCancel` is set. */
  readonly kill: AbortController | null;
  /** Whether it was handed to a thread, which then closes its end of the channel. */
  begun = false;
  /** Whether the outcome is settled; the thread may still be running. */
  settled = false;
  readonly #port: MessagePort;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;

  /**
   * @throws TypeError when `work` is not valid work; DataCloneError naming an argument that cannot
   *   be copied
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

  /** Takes the outcome from the channel; if there is none, the thread has ended. */
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

  /** Settles the outcome with an error; if the work has not started, it never will. */
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
  // If all arguments could be copied, the transfer list is wrong.
  const what = index < 0 ? 'transfer' : `argument ${index + 1} (${describe(args[index])})`;
  return new DOMException(
    `${what} cannot travel to a thread: ${reason.split('\n')[0]}`,
    'DataCloneError',
  );
}

/** Whether a single value can be copied. Values in the transfer list are not tried. */
function travels(value: unknown, transfer: readonly unknown[]): boolean {
  if (transfer.includes(value)) return true;
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
