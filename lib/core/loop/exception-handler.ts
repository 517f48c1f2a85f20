/** The exception handler, for errors that nobody awaits, and its default. */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import { isA, KeyboardInterrupt } from '../errors/errors.ts';
import type { Future } from '../future/future.ts';
import type { Handle } from './handle.ts';
import { describe } from '../support/describe.ts';
import { checkObject } from '../support/options.ts';
import { current } from '../context/running.ts';
import type { Values } from '../context/running.ts';
import type { Task } from '../task/task.ts';

/** What an exception handler is given; only `message` is always present. */
export interface ExceptionContext {
  message: string;
  exception?: unknown;
  future?: Future<any>;
  task?: Task<any>;
  handle?: Handle;
  protocol?: unknown;
  transport?: unknown;
  socket?: unknown;
  server?: unknown;
  /** Where the future or handle was created, in debug mode. */
  sourceTraceback?: string;
  [key: string]: unknown;
}

/** Handles an error that nobody awaits. @param loop - the loop on which it happened */
export type ExceptionHandler = (loop: AbstractEventLoop, context: ExceptionContext) => void;

/** The text that the default handler writes. */
export function formatExceptionContext(context: ExceptionContext): string {
  let text = `${context.message}\n`;
  for (const key of Object.keys(context).sort()) {
    if (key === 'message' || key === 'exception') continue;
    const value = context[key];
    if (key === 'sourceTraceback') text += `created at (most recent call first):\n${value}\n`;
    else text += `${key}: ${typeof value === 'string' ? value : describe(value)}\n`;
  }
  if ('exception' in context) text += `${describeError(context.exception)}\n`;
  return text;
}

function describeError(error: unknown): string {
  try {
    if (!(error instanceof Error)) return describe(error);
    let text = error.stack ?? `${error.name}: ${error.message}`;
    if (error.cause !== undefined) text += `\ncaused by: ${describe(error.cause)}`;
    return text;
  } catch {
    // A Proxy, or a getter that throws.
    return describe(error);
  }
}

/** Writes to stderr; never throws, since nobody could catch that. */
export function writeExceptionContext(context: ExceptionContext): void {
  try {
    process.stderr.write(formatExceptionContext(context));
  } catch {
    // A value whose description throws, or a closed stderr: warn with the message alone.
    process.emitWarning(String(context.message), 'OxbowWarning');
  }
}

/**
 * Calls the user's handler with the context variables of whatever failed. An error thrown by the
 * handler is reported too and not rethrown, except KeyboardInterrupt.
 */
export function reportException(
  loop: AbstractEventLoop,
  handler: ExceptionHandler | null,
  context: ExceptionContext,
): void {
  checkObject('callExceptionHandler()', context);
  const before = current.values;
  const values = valuesOf(context);
  if (values !== undefined) current.values = values;
  try {
    if (handler === null) loop.defaultExceptionHandler(context);
    else handler(loop, context);
  } catch (error) {
    if (isA(error, KeyboardInterrupt)) throw error;
    reportHandlerFailure(loop, context, error);
  } finally {
    if (values !== undefined) current.values = before;
  }
}

/** Reports a task that will never end because its loop was closed. */
export function reportDestroyed(task: Task<any>): void {
  const source = task._source();
  task._loop.callExceptionHandler({
    message: 'Task was destroyed but it is pending!',
    task,
    ...(source === undefined ? {} : { sourceTraceback: source }),
  });
}

function reportHandlerFailure(
  loop: AbstractEventLoop,
  context: ExceptionContext,
  error: unknown,
): void {
  const failure: ExceptionContext = {
    message: 'Unhandled error in exception handler',
    exception: error,
    context,
  };
  try {
    loop.defaultExceptionHandler(failure);
  } catch (second) {
    if (isA(second, KeyboardInterrupt)) throw second;
    writeExceptionContext({
      message: 'Exception in default exception handler while handling an unexpected error',
      exception: second,
    });
  }
}

function valuesOf(context: ExceptionContext): Values | undefined {
  // For the running task the current values are newer than those stored in it.
  if (context.task !== undefined && context.task === current.task) return current.values;
  return (
    context.task?._values ??
    context.handle?._values ??
    (context.future as Partial<Task<any>> | undefined)?._values
  );
}
