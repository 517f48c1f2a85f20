/**
 * Adds asyncio's `get_stack` and `print_stack` to Task. No task needs them to run, so they are kept
 * apart from its class; importing `oxbow` adds them.
 */
import { describe, shortly } from '../../core/support/describe.ts';
import type { Frame } from '../../core/debug/frames.ts';
import { checkOptions } from '../../core/support/options.ts';
import { FAILED, RETRIEVED } from '../../core/future/future.ts';
import { failureFrames, taskFrames } from '../../core/debug/task-frames.ts';
import { Task } from '../../core/task/task.ts';
import type { TextSink } from './call-graph-text.ts';

/** Options of `task.getStack`. */
export interface StackOptions {
  /** The most frames to return: the newest of a stack, the oldest of an error. By default all. */
  limit?: number | null | undefined;
}

/** Options of `task.printStack`. */
export interface PrintStackOptions extends StackOptions {
  /** Where to write; by default stderr. */
  file?: TextSink | null | undefined;
}

declare module '../../core/task/task.ts' {
  interface Task<T> {
    /**
     * The stack of the task, oldest frame first: where it waits, or, if it has failed, where its
     * error was created. Empty when it has a result or was cancelled. Frames of this package are
     * left out. For an async function only its name is known, except in debug mode.
     *
     * @throws TypeError when the limit is not an integer
     * @example task.getStack().at(-1)?.line; // the line at which it waits
     */
    getStack(options?: StackOptions): Frame[];
    /**
     * Writes `getStack()` as text, followed by the error of a task that has failed.
     *
     * @throws TypeError when the limit is not an integer, or `file` has no `write()`
     */
    printStack(options?: PrintStackOptions): void;
  }
}

Task.prototype.getStack = function getStack(options = {}) {
  checkOptions('getStack()', options, ['limit']);
  const limit = options.limit ?? Infinity;
  if (limit !== Infinity && !Number.isInteger(limit)) {
    throw new TypeError(`getStack(): limit ${describe(limit)} is not an integer`);
  }
  if (limit <= 0) return [];
  const failed = hasFailed(this);
  const frames = (failed ? failureFrames(this) : taskFrames(this)).toReversed();
  return failed ? frames.slice(0, limit) : frames.slice(-limit);
};

Task.prototype.printStack = function printStack(options = {}) {
  checkOptions('printStack()', options, ['limit', 'file']);
  const { file: given, limit } = options;
  const file = given ?? process.stderr;
  if (typeof (file as Partial<TextSink>).write !== 'function') {
    throw new TypeError('printStack(): file has no write()');
  }
  const frames = this.getStack({ limit });
  const failed = hasFailed(this);
  const heading =
    frames.length === 0
      ? `No stack for ${this}`
      : `${failed ? 'Traceback' : 'Stack'} for ${this} (most recent call last):`;
  const lines = [heading, ...frames.map(frameLine)];
  if (failed) lines.push(shortly(this._value));
  file.write(`${lines.join('\n')}\n`);
};

function hasFailed(task: Task<any>): boolean {
  return task._state === FAILED || task._state === RETRIEVED;
}

function frameLine({ functionName, file, line }: Frame): string {
  const place = file === '' ? '' : `File "${file}", line ${line}, `;
  return `  ${place}in ${functionName}`;
}
