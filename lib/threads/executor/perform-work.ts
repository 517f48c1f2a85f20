/** Doing work on the receiving side: in a thread or in a process. */
import type { WorkMessage } from './thread-work.ts';

/** Where the work is done, for error messages. */
export type Place = 'thread' | 'process';

type Func = (...args: unknown[]) => unknown;

/** Compiled functions by source text: many jobs use the same function with other arguments. */
const functions = new Map<string, Func>();
const FUNCTIONS_MAX = 256;

function functionOf({ source = '', label }: WorkMessage, place: Place): Func {
  let func = functions.get(source);
  if (func === undefined) {
    if (functions.size >= FUNCTIONS_MAX) functions.clear();
    // Strict mode, as in every module. Indirect eval, so that it sees only globals; import() works
    // in it, with URLs and with the names of packages that this package can resolve.
    const name = label.replace(/[^\w$]/g, '_');
    const text = `"use strict";(${source})\n//# sourceURL=${name}-in-a-${place}`;
    func = (0, eval)(text) as Func;
    functions.set(source, func);
  }
  return func;
}

async function exportOf(message: WorkMessage, place: Place): Promise<Func> {
  const { module = '', name = 'default' } = message;
  const exports = (await import(module)) as Record<string, unknown>;
  const standard = exports['default'] as Record<string, unknown> | undefined;
  // A CommonJS module may have its functions only in the default export.
  const found = exports[name] ?? standard?.[name];
  const kind = Object.prototype.toString.call(found);
  if (kind === '[object Function]' || kind === '[object AsyncFunction]') return found as Func;
  if (typeof found === 'function') {
    throw new TypeError(
      `${name} of ${module} is a generator function, which is a coroutine; a ` +
        `${place} calls plain and async functions, which may run() it`,
    );
  }
  const names = Object.keys(exports).join(', ') || 'nothing';
  throw new TypeError(`${module} exports no function called ${name}; it exports ${names}`);
}

/** Adds an explanation to the message, and to the first line of the stack. */
function explain(error: Error, place: Place): void {
  const { message, stack } = error;
  const explained =
    `${message}: a function that is sent to a ${place} is only its source text and ` +
    'sees nothing that stands around it; hand it over as an argument, import() it inside, or ' +
    'use { module, name }';
  const full = stack?.replace(message, () => explained);
  Object.defineProperty(error, 'message', { value: explained, configurable: true });
  if (full !== undefined) Object.defineProperty(error, 'stack', { value: full });
}

/** Does the work. @throws what the work throws; TypeError when the module has no such function */
export async function performWork(
  message: WorkMessage,
  args: readonly unknown[],
  place: Place,
): Promise<unknown> {
  const sent = message.source !== undefined;
  try {
    const func = sent ? functionOf(message, place) : await exportOf(message, place);
    return await func(...args);
  } catch (error) {
    if (sent && error instanceof ReferenceError) explain(error, place);
    throw error;
  }
}

/**
 * Waits until printed output is written: it must leave before the answer, after which the process
 * may exit.
 */
export async function flushOutput(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.writableLength === 0) continue;
    await new Promise<void>((resolve) => {
      stream.write('', () => resolve());
    });
  }
}
