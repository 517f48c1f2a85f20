/**
 * Errors that nobody retrieved. A failed future is tracked until someone reads its error. If nobody
 * does, the error is reported to the loop's exception handler: when the future is collected, or at
 * the latest when the loop is closed or the process (or worker thread) exits without closing it.
 * The last matters because most programs end before there is any garbage to collect.
 */
import type { LoopCore } from '../contract/loop-core.ts';
import { describe } from '../support/describe.ts';
import { isA } from './errors.ts';
import type { FutureCore } from '../contract/future-core.ts';
import type { TaskCore } from '../contract/task-core.ts';

/** What is kept about a failed future without keeping it alive. */
interface Lost {
  readonly of: LostErrors;
  readonly future: WeakRef<FutureCore>;
  readonly exception: unknown;
  readonly kind: string;
  readonly sourceTraceback: string | undefined;
}

/** The lost errors of one loop, in the order in which the futures failed. */
class LostErrors {
  readonly loop: LoopCore;
  readonly all: Set<Lost> = new Set();
  /** Whether they are kept to be thrown at the end (`unhandled: 'throw'`) and not reported. */
  kept = false;

  constructor(loop: LoopCore) {
    this.loop = loop;
  }

  static of(loop: LoopCore): LostErrors {
    let lost = byLoop.get(loop);
    if (lost === undefined) byLoop.set(loop, (lost = new LostErrors(loop)));
    return lost;
  }
}

const byLoop = new WeakMap<LoopCore, LostErrors>();

/** How many are kept for the end; further ones are reported, as a server may run for weeks. */
const KEPT_MAX = 1000;

const notes = new WeakMap<FutureCore, Lost>();
/** Strong references, so that a loop that is never closed still reports at process exit. */
const loopsWithLost: Set<LoopCore> = new Set();
let registry: FinalizationRegistry<Lost> | undefined;

/** Starts to track a future that has just failed. */
export function watchForRetrieval(future: FutureCore, exception: unknown): void {
  if (registry === undefined) {
    registry = new FinalizationRegistry(collected);
    process.on('exit', () => {
      for (const loop of [...loopsWithLost]) reportLost(loop);
    });
  }
  // Until its stack is made into text, an error holds the objects whose methods were running when
  // it was made; one of them is the task itself, which then could never be collected.
  readStack(exception);
  const of = LostErrors.of(future._loop);
  const lost: Lost = {
    of,
    exception,
    future: new WeakRef(future),
    kind: describe(future),
    sourceTraceback: future._source(),
  };
  notes.set(future, lost);
  registry.register(future, lost, future);
  of.all.add(lost);
  loopsWithLost.add(of.loop);
}

function readStack(exception: unknown): void {
  try {
    if (isA(exception, Error)) void exception.stack;
  } catch {
    // A user's getter that throws.
  }
}

/** The error was retrieved: stop tracking it. */
export function forgetRetrieval(future: FutureCore): void {
  const lost = notes.get(future);
  if (lost === undefined) return;
  notes.delete(future);
  registry!.unregister(future);
  drop(lost);
}

function drop(lost: Lost): void {
  const { all, loop } = lost.of;
  all.delete(lost);
  if (all.size === 0) loopsWithLost.delete(loop);
}

/** Called when the future was garbage collected. */
function collected(lost: Lost): void {
  const { all, kept } = lost.of;
  if (kept && all.size <= KEPT_MAX) return;
  drop(lost);
  tell(lost);
}

/**
 * Tracks the failed futures that these tasks wait for: the tasks will not run to read the errors.
 */
export function watchUnread(tasks: Iterable<TaskCore>): void {
  for (const { _waiting: first, _extras: rare } of tasks) {
    for (const future of [first, ...(rare?.alsoWaiting ?? [])]) {
      if (future !== null && future._isUnread()) watchForRetrieval(future, future._value);
    }
  }
}

/** Chooses whether a loop's errors are kept until the end from now on, or reported. */
export function keepLost(loop: LoopCore, kept: boolean): void {
  LostErrors.of(loop).kept = kept;
}

/** Whether `keepLost` is on for this loop. */
export function isLostKept(loop: LoopCore): boolean {
  return byLoop.get(loop)?.kept === true;
}

/** Reports all errors of a loop that were not retrieved, unless they are kept for its end. */
export function reportLost(loop: LoopCore): void {
  if (isLostKept(loop)) return;
  for (const lost of takeAll(loop)) tell(lost);
}

/** Removes and returns the errors of a loop that nobody retrieved. */
export function takeLost(loop: LoopCore): unknown[] {
  return takeAll(loop).map(({ exception }) => exception);
}

function takeAll(loop: LoopCore): Lost[] {
  const taken = [...(byLoop.get(loop)?.all ?? [])];
  for (const lost of taken) {
    const future = lost.future.deref();
    if (future !== undefined) {
      notes.delete(future);
      registry!.unregister(future);
    }
    drop(lost);
  }
  return taken;
}

/** Reports one error; a collected future is represented by its description. */
function tell({ of, exception, future, kind, sourceTraceback }: Lost): void {
  const there = future.deref();
  of.loop.callExceptionHandler({
    message: `${/^<\w*Task /.test(kind) ? 'Task' : 'Future'} exception was never retrieved`,
    exception,
    ...(there === undefined ? { description: kind } : { future: there }),
    ...(sourceTraceback === undefined ? {} : { sourceTraceback }),
  });
}
