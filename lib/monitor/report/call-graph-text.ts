/** Call graphs as text, in the format of Python 3.14's asyncio. */
import type { Frame } from '../../core/debug/frames.ts';
import type { Future } from '../../core/future/future.ts';
import { checkOptions } from '../../core/support/options.ts';
import { Task } from '../../core/task/task.ts';
import { captureCallGraph } from './call-graph.ts';
import type { CallGraphOptions, FutureCallGraph } from './call-graph.ts';

/** Where `printCallGraph` and `task.printStack` write to. */
export interface TextSink {
  write(text: string): unknown;
}

/** Options of `printCallGraph`. */
export interface PrintCallGraphOptions extends CallGraphOptions {
  /** Where to write; by default stdout. */
  file?: TextSink | null | undefined;
}

const ids = new WeakMap<object, number>();
let lastId = 0;

/**
 * The call graph of a future or task (by default the running task) as text; empty when no future is
 * given and no task is running.
 *
 * @throws as `captureCallGraph`
 * @example console.log(formatCallGraph(task));
 */
export function formatCallGraph(
  future?: Future<any> | null,
  options: CallGraphOptions = {},
): string {
  checkOptions('formatCallGraph()', options, ['depth', 'limit']);
  const graph = captureCallGraph(future, options);
  return graph === null ? '' : render(graph);
}

/**
 * Writes the same text and a newline to `options.file`, by default stdout; nothing when it is
 * empty.
 *
 * @throws as `captureCallGraph`; TypeError when `file` has no `write()`
 * @example printCallGraph(task, { file: process.stderr });
 */
export function printCallGraph(
  future?: Future<any> | null,
  options: PrintCallGraphOptions = {},
): void {
  checkOptions('printCallGraph()', options, ['depth', 'limit', 'file']);
  const { file: given, ...rest } = options;
  const file = given ?? process.stdout;
  if (typeof (file as Partial<TextSink>).write !== 'function') {
    throw new TypeError('printCallGraph(): file has no write()');
  }
  const text = formatCallGraph(future, rest);
  if (text !== '') file.write(`${text}\n`);
}

/**
 * Iterative, since chains may be long. A future whose awaiters were already printed is only named
 * the second time.
 */
function render(graph: FutureCallGraph): string {
  const lines: string[] = [];
  const shown = new Set<FutureCallGraph>();
  const left: [graph: FutureCallGraph, level: number][] = [[graph, 0]];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [node, level] = next;
    const indent = '    '.repeat(level);
    if (shown.has(node) && node.awaitedBy.length > 0) {
      lines.push(`${indent}* ${title(node.future)} (shown above)`);
      continue;
    }
    shown.add(node);
    lines.push(`${indent}* ${title(node.future)}`);
    if (node.callStack.length > 0) lines.push(`${indent}  + Call stack:`);
    for (const frame of node.callStack) lines.push(`${indent}  |   ${frameLine(frame)}`);
    if (node.awaitedBy.length > 0) lines.push(`${indent}  + Awaited by:`);
    for (const awaiter of node.awaitedBy.toReversed()) left.push([awaiter, level + 1]);
  }
  return lines.join('\n');
}

function title(future: Future<any>): string {
  let id = ids.get(future);
  if (id === undefined) ids.set(future, (id = ++lastId));
  const number = `0x${id.toString(16)}`;
  return future instanceof Task
    ? `Task(name='${future.getName()}', id=${number})`
    : `Future(id=${number})`;
}

function frameLine({ functionName, file, line, async }: Frame): string {
  const called = `in ${async ? 'async ' : ''}${functionName}()`;
  return file === '' ? called : `File '${file}', line ${line}, ${called}`;
}
