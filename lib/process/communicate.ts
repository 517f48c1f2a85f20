/** `process.communicate()`: sends all input, reads all output, and waits for the end. */
import type { EventLoop } from '../core/loop/event-loop.ts';
import { RuntimeError } from '../core/errors/errors.ts';
import type { Future } from '../core/future/future.ts';
import { checkSignal } from '../core/support/abort-listeners.ts';
import { type Duration, toTimeout } from '../core/support/duration.ts';
import { checkOptions } from '../core/support/options.ts';
import type { Coro } from '../core/support/types.ts';
import { bytesOf, type Data, notDataError } from '../io/data.ts';
import { abortable } from '../tasks/abort.ts';
import { timeout as timeoutScope } from '../tasks/timeout.ts';
import type { Process } from './process.ts';

/** Options of `communicate()`. */
export interface CommunicateOptions {
  /** The data for the child's stdin: text (as UTF-8) or bytes. */
  input?: Data | null;
  /** The time limit for the whole call: seconds, or a string with a unit; none by default. */
  timeout?: Duration | null;
  /** Aborting it ends the wait with an AbortError; the child keeps running. */
  signal?: AbortSignal | null;
}

/** The output of a child; null where stdout or stderr is not a pipe. */
export type Output = [stdout: Buffer | null, stderr: Buffer | null];

const OPTIONS: readonly string[] = ['input', 'timeout', 'signal'];

/** Implements `Process.communicate`. */
export function communicateWith(
  loop: EventLoop,
  child: Process,
  first: unknown,
  options: CommunicateOptions | undefined,
): Future<Output> {
  const where = 'communicate()';
  const asOptions = options === undefined && isOptions(first);
  const given = (asOptions ? first : (options ?? {})) as CommunicateOptions;
  checkOptions(where, given, OPTIONS);
  if (!asOptions && given.input !== undefined) {
    throw new TypeError(`${where}: input is given twice`);
  }
  const input = asOptions ? given.input : first;
  const seconds = toTimeout(given.timeout);
  if (given.signal) checkSignal(given.signal);
  sendAll(child, input);
  const talk = (): Coro<Output> => receiveAll(child);
  const task = loop.createTask(seconds === null ? talk : () => inTime(seconds, talk));
  return given.signal ? abortable(loop, task, given.signal) : task;
}

function* inTime<T>(seconds: number, body: () => Coro<T>): Coro<T> {
  return yield* timeoutScope(seconds, body);
}

function isOptions(value: unknown): boolean {
  return typeof value === 'object' && value !== null && bytesOf(value) === undefined;
}

/** Queues all of the input and then the close, without waiting for the child to read it. */
function sendAll(child: Process, input: unknown): void {
  const { stdin } = child;
  if (input !== undefined && input !== null) {
    if (typeof input !== 'string' && bytesOf(input) === undefined)
      throw notDataError(input, 'input');
    if (stdin === null) {
      throw new RuntimeError(
        "communicate(): there is no stdin for the input; start the process with stdin: 'pipe'",
      );
    }
    // Only if it was closed on our side: a child that closed its own end and does not read is no
    // error.
    if (child._closedStdin) {
      throw new RuntimeError('communicate(): stdin was closed before, so the input cannot be sent');
    }
    stdin.write(input as Data);
  }
  stdin?.close();
}

/** Both reads run concurrently once started; here their results are only awaited one by one. */
function* receiveAll(child: Process): Coro<Output> {
  const { stdout, stderr } = child;
  let reads: Array<Future<Buffer> | null> = [];
  let output: Buffer | null = null;
  try {
    reads = [stdout?.read() ?? null];
    reads.push(stderr?.read() ?? null);
    yield* child.wait();
    const [first, second] = reads;
    if (first) output = yield* first;
    return [output, second ? yield* second : null];
  } catch (error) {
    // Return everything to the readers, so that the next call gets it.
    if (output !== null) stdout!._giveBack(output);
    for (const each of reads) each?.cancel();
    throw error;
  }
}
