/**
 * Errors that nobody looked at. A failed future is watched until someone takes its error. Else the
 * loop's exception handler is told: when the garbage collector gets the future, at the latest when
 * the loop is closed, or the process exits (a worker: its thread) without closing it. Nothing fatal
 * happens, but nothing is lost either: most programs end before there is any garbage to collect.
 */
import type { LoopCore } from '../contract/loop-core.ts';
import { describe } from '../support/describe.ts';
import { isA } from './errors.ts';
import type { FutureCore } from '../contract/future-core.ts';
import type { TaskCore } from '../contract/task-core.ts';

/** What is known of a failed future without holding it. */
interface Lost {
  readonly of: LostErrors;
  readonly future: WeakRef<FutureCore>;
  readonly exception: unknown;
  readonly kind: string;
  readonly sourceTraceback: string | undefined;
}

/** Of a loop: in the order in which they failed. */
class LostErrors {
  readonly loop: LoopCore;
  readonly all: Set<Lost> = new Set();
  /** Whether they are taken at the end (`unhandled: 'throw'`), so that none is reported. */
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

/** Of those that are kept for the end; for a server that runs for weeks the others are reported. */
const KEPT_MAX = 1000;

const notes = new WeakMap<FutureCore, Lost>();
/** Held, so that a loop that is never closed is still there when the process exits. */
const loopsWithLost: Set<LoopCore> = new Set();
let registry: FinalizationRegistry<Lost> | undefined;

/** Starts to watch a future that has just failed. */
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
    // A getter of user code, which throws.
  }
}

/** Someone has taken the error. */
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

/** The garbage collector has the future. */
function collected(lost: Lost): void {
  const { all, kept } = lost.of;
  if (kept && all.size <= KEPT_MAX) return;
  drop(lost);
  tell(lost);
}

/** Those that wait for a failed future, and will not go on any more to take its error. */
export function watchUnread(tasks: Iterable<TaskCore>): void {
  for (const { _waiting: first, _extras: rare } of tasks) {
    for (const future of [first, ...(rare?.alsoWaiting ?? [])]) {
      if (future !== null && future._isUnread()) watchForRetrieval(future, future._value);
    }
  }
}

/** From now on keeps a loop's errors until they are taken at the end, or reports them. */
export function keepLost(loop: LoopCore, kept: boolean): void {
  LostErrors.of(loop).kept = kept;
}

/** What `keepLost` has said. */
export function isLostKept(loop: LoopCore): boolean {
  return byLoop.get(loop)?.kept === true;
}

/** Reports all errors of a loop that were not retrieved, unless they are kept for its end. */
export function reportLost(loop: LoopCore): void {
  if (isLostKept(loop)) return;
  for (const lost of takeAll(loop)) tell(lost);
}

/** The errors of a loop that nobody has taken; they are the caller's now. */
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

/** A future that is gone is reported by its description. */
function tell({ of, exception, future, kind, sourceTraceback }: Lost): void {
  const there = future.deref();
  of.loop.callExceptionHandler({
    message: `${/^<\w*Task /.test(kind) ? 'Task' : 'Future'} exception was never retrieved`,
    exception,
    ...(there === undefined ? { description: kind } : { future: there }),
    ...(sourceTraceback === undefined ? {} : { sourceTraceback }),
  });
}
