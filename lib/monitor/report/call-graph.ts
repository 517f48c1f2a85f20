/**
 * The call graph of a task, as in Python 3.14's asyncio: its stack, the tasks that wait for it, the
 * tasks that wait for those, and so on. Objects of this package that sit between two tasks (a
 * gather, a shield, a timeout, a lock, the task that runs a scope) are skipped: the task behind
 * them counts as waiting directly.
 */
import { describe } from '../../core/support/describe.ts';
import { RuntimeError } from '../../core/errors/errors.ts';
import type { Frame } from '../../core/debug/frames.ts';
import { Future } from '../../core/future/future.ts';
import { checkOptions } from '../../core/support/options.ts';
import { runningLoop, runningTask } from '../../core/context/running.ts';
import { showsText } from '../../core/support/shows-text.ts';
import { isRunning, taskFrames } from '../../core/debug/task-frames.ts';
import { taskName } from '../../core/debug/task-text.ts';
import { Task } from '../../core/task/task.ts';
import { listWaiters } from '../../core/future/waiters.ts';
import type { Waiter } from '../../core/future/waiters.ts';

export { taskFrames };

/** A future or task, its stack, and the tasks that wait for it. */
export interface FutureCallGraph {
  readonly future: Future<any>;
  /** The stack, innermost frame first; empty for a future that is not a task. */
  readonly callStack: readonly Frame[];
  /**
   * The tasks that wait for it, in the order in which they began to wait. A task that would close a
   * cycle is left out.
   */
  readonly awaitedBy: readonly FutureCallGraph[];
}

/** Options of `captureCallGraph` and `formatCallGraph`. */
export interface CallGraphOptions {
  /**
   * How many frames to leave out at the inner end of the running task's stack; 1 (the default)
   * leaves out none but this package's own.
   */
  depth?: number | undefined;
  /**
   * How many frames of each stack to keep: a positive number keeps the outermost ones, a negative
   * one the innermost, 0 none. By default all.
   */
  limit?: number | null | undefined;
}

/**
 * The call graph of a future or task, as asyncio's `capture_call_graph`.
 *
 * @param future - by default the task that is running
 * @returns null when no future is given and no task is running
 * @throws RuntimeError when no future is given outside of a running loop; TypeError when `future`
 * is not a Future, or `depth` or `limit` is not an integer
 * @example
 * const graph = captureCallGraph(task);
 * graph.awaitedBy.map(({ future }) => future); // who waits for the task
 */
export function captureCallGraph(future: Future<any>, options?: CallGraphOptions): FutureCallGraph;
export function captureCallGraph(
  future?: Future<any> | null,
  options?: CallGraphOptions,
): FutureCallGraph | null;
export function captureCallGraph(
  future?: Future<any> | null,
  options: CallGraphOptions = {},
): FutureCallGraph | null {
  checkOptions('captureCallGraph()', options, ['depth', 'limit']);
  const { depth, limit } = readOptions(options);
  let target: Future<any> | null;
  if (future === undefined || future === null) {
    if (runningLoop() === null) {
      throw new RuntimeError(
        'captureCallGraph() is called outside of a running event loop and no ' +
          'future to introspect was provided',
      );
    }
    target = runningTask<Task<any>>();
    if (target === null) return null;
  } else {
    if (!(future instanceof Future)) {
      throw new TypeError(`captureCallGraph(): ${describe(future)} is not a Future`);
    }
    target = future;
  }
  return buildGraph(target, depth, limit);
}

/** @throws TypeError when an option is not an integer */
function readOptions(options: CallGraphOptions): { depth: number; limit: number | null } {
  const { depth = 1, limit = null } = options;
  for (const [name, value] of Object.entries({ depth, limit })) {
    if (value === null && name === 'limit') continue;
    if (!Number.isInteger(value)) {
      throw new TypeError(`${name}: ${describe(value)} is not an integer`);
    }
  }
  return { depth, limit };
}

class Node implements FutureCallGraph {
  readonly future: Future<any>;
  readonly callStack: Frame[];
  readonly awaitedBy: Node[] = [];

  constructor(future: Future<any>, callStack: Frame[]) {
    this.future = future;
    this.callStack = callStack;
  }

  toString(): string {
    const { future, callStack, awaitedBy } = this;
    const name = future instanceof Task ? taskName(future) : String(future);
    return `<FutureCallGraph of ${name}, frames=${callStack.length} awaitedBy=${awaitedBy.length}>`;
  }
}

showsText(Node);

/**
 * Depth first without recursion, since chains of tasks may be long. A future that is reached twice
 * has one node; one that is reached from itself closes a cycle, and is left out there.
 */
function buildGraph(target: Future<any>, depth: number, limit: number | null): FutureCallGraph {
  const nodes = new Map<Future<any>, Node>();
  const path: { node: Node; left: Future<any>[] }[] = [];
  const onPath = new Set<Node>();
  const enter = (future: Future<any>): Node => {
    const node = new Node(future, stackOf(future, depth, limit));
    nodes.set(future, node);
    // Reversed, since the next one is popped off the end.
    path.push({ node, left: awaitersOf(future).reverse() });
    onPath.add(node);
    return node;
  };
  const root = enter(target);
  while (path.length > 0) {
    const { node, left } = path.at(-1)!;
    const awaiter = left.pop();
    if (awaiter === undefined) {
      onPath.delete(node);
      path.pop();
      continue;
    }
    const known = nodes.get(awaiter);
    if (known === undefined) node.awaitedBy.push(enter(awaiter));
    else if (!onPath.has(known)) node.awaitedBy.push(known);
  }
  return root;
}

function stackOf(future: Future<any>, depth: number, limit: number | null): Frame[] {
  if (limit === 0 || !(future instanceof Task)) return [];
  const frames = taskFrames(future).slice(isRunning(future) ? Math.max(0, depth - 1) : 0);
  if (limit === null) return frames;
  return limit > 0 ? frames.slice(-limit) : frames.slice(0, -limit);
}

/** The tasks that wait for a future, directly or through other futures, each once. */
export function awaitersOf(future: Future<any>): Task<any>[] {
  const found = new Set<Task<any>>();
  const seen = new Set<Future<any>>([future]);
  const left: Future<any>[] = [...directAwaiters(future)].reverse();
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (next instanceof Task && !runsScope(next)) found.add(next);
    else if (!seen.has(next)) {
      seen.add(next);
      left.push(...[...directAwaiters(next)].reverse());
    }
  }
  return [...found];
}

function* directAwaiters(future: Future<any>): Generator<Future<any>> {
  for (const waiter of listWaiters(future._waiter) as readonly Waiter[]) {
    if (waiter instanceof Future) yield waiter;
    else if (waiter._awaiters !== undefined) yield* waiter._awaiters() as Iterable<Future<any>>;
  }
}

/**
 * Whether `task` only runs a scope that was awaited: it has no user code unless the scope's body
 * runs.
 */
function runsScope(task: Task<any>): boolean {
  return (
    task._extras !== null && task._extras.insteadOf !== null && taskFrames(task, 1).length === 0
  );
}
