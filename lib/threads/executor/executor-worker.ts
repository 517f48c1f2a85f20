/** The other end of a ThreadPoolExecutor: what its threads load, and what does the work there. */
import { receiveMessageOnPort } from 'node:worker_threads';

import { packError } from '../share/remote-error.ts';
import type { JobAnswer, JobMessage } from './thread-job.ts';

type Func = (...args: unknown[]) => unknown;

/** Functions by their text; many jobs are one function with other arguments. */
const functions = new Map<string, Func>();
const FUNCTIONS_MAX = 256;

function functionOf(source: string, label: string): Func {
  let func = functions.get(source);
  if (func === undefined) {
    if (functions.size >= FUNCTIONS_MAX) functions.clear();
    // Strict, as every module is. Indirect, so that it sees globals only; import() works in it,
    // with URLs and with the names of packages that this package can see.
    const name = label.replace(/[^\w$]/g, '_');
    const text = `"use strict";(${source})\n//# sourceURL=${name}-in-a-thread`;
    func = (0, eval)(text) as Func;
    functions.set(source, func);
  }
  return func;
}

async function exportOf(module: string, name: string): Promise<Func> {
  const exports = (await import(module)) as Record<string, unknown>;
  const standard = exports['default'] as Record<string, unknown> | undefined;
  // A CommonJS module may have its functions in the default export alone.
  const found = exports[name] ?? standard?.[name];
  const kind = Object.prototype.toString.call(found);
  if (kind === '[object Function]' || kind === '[object AsyncFunction]') return found as Func;
  if (typeof found === 'function') {
    throw new TypeError(
      `${name} of ${module} is a generator function, which is a coroutine; a ` +
        'thread calls plain and async functions, which may run() it',
    );
  }
  const names = Object.keys(exports).join(', ') || 'nothing';
  throw new TypeError(`${module} exports no function called ${name}; it exports ${names}`);
}

/** An explanation that stands in the message and in the head of the stack. */
function explain(error: Error): void {
  const { message, stack } = error;
  const explained =
    `${message}: a function that is sent to a thread is only its source text and ` +
    'sees nothing that stands around it; hand it over as an argument, import() it inside, or ' +
    'use { module, name }';
  const full = stack?.replace(message, () => explained);
  Object.defineProperty(error, 'message', { value: explained, configurable: true });
  if (full !== undefined) Object.defineProperty(error, 'stack', { value: full });
}

async function answerOf(job: JobMessage, args: unknown[]): Promise<JobAnswer> {
  try {
    const { source, module, name, label } = job;
    const func = source === undefined ? await exportOf(module!, name!) : functionOf(source, label);
    return { value: await func(...args) };
  } catch (error) {
    if (job.source !== undefined && error instanceof ReferenceError) explain(error);
    return { error: packError(error) };
  }
}

function send(job: JobMessage, answer: JobAnswer): void {
  try {
    job.port.postMessage(answer);
  } catch (cause) {
    const error = new DOMException(
      `the result of ${job.label} cannot travel out of its thread: ` +
        String((cause as Error).message).split('\n')[0],
      'DataCloneError',
    );
    job.port.postMessage({ error: packError(error) });
  }
}

/** What was printed must be on its way before the answer, after which the process may end. */
async function flush(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength === 0) return;
  await new Promise<void>((resolve) => {
    stream.write('', () => resolve());
  });
}

async function performWith(job: JobMessage): Promise<void> {
  const args = receiveMessageOnPort(job.port)?.message as unknown[] | undefined;
  // A second message is a cancel that came before the work has begun.
  if (args === undefined || receiveMessageOnPort(job.port) !== undefined) return;
  const answer = await answerOf(job, args);
  await flush(process.stdout);
  await flush(process.stderr);
  send(job, answer);
}

/** Does one job; piscina calls it. */
export default async function perform(job: JobMessage): Promise<void> {
  try {
    await performWith(job);
  } finally {
    // A cancel that came too late would keep the port from closing with the other side.
    job.port.close();
  }
}
