/**
 * What an executor is: somewhere else where work is done, so that the loop goes on meanwhile.
 * Threads (`ThreadPoolExecutor`), processes, or other machines behind a queue all fit.
 */

/** What work can be given with, whatever it is. */
export interface WorkOptions {
  /** What is handed over instead of copied: ArrayBuffers, MessagePorts and so on. */
  readonly transfer?: readonly unknown[] | undefined;
  /** For `runInExecutor` and `toThread`: aborting it makes the future fail with an AbortError. */
  readonly signal?: AbortSignal | undefined;
}

/** A function of a module, which the executor loads where the work is done. */
export interface ModuleWork extends WorkOptions {
  /** A `file:`, `node:` or `data:` URL (`new URL('./work.js', import.meta.url)`), or a path. */
  readonly module: URL | string;
  /** Which export; `default` when it is not given. */
  readonly name?: string | undefined;
}

/** A self-contained function with options. */
export interface FunctionWork<A extends unknown[] = any[], R = unknown> extends WorkOptions {
  /** Knows its arguments and the globals, and nothing of what stands around it. */
  readonly func: (...args: A) => R;
}

/** A function as work, with or without options. */
export type Callable<A extends unknown[] = any[], R = unknown> =
  | ((...args: A) => R)
  | FunctionWork<A, R>;

/** What an executor is asked to do. */
export type Work = Callable | ModuleWork;

/** What goes with work that is handed to an executor. */
export interface SubmitOptions {
  /** Aborts when nobody waits for the result any more. */
  signal?: AbortSignal | undefined;
}

/** How an executor ends. */
export interface ShutdownOptions {
  /** Whether the answer waits until all work is done; true by default. */
  wait?: boolean | undefined;
  /** Whether work that has not begun is dropped; false by default: it is done first. */
  cancelPending?: boolean | undefined;
  /** Ends work in the middle, where the executor can; false by default. */
  terminate?: boolean | undefined;
}

/**
 * Does work elsewhere. Anything with these two methods is one.
 *
 * @example
 * const executor: Executor = {
 *   async submit(work, args) { const job = await queue.add('job', { work, args }); … },
 *   async shutdown() { await queue.close(); },
 * };
 * yield* loop.runInExecutor(executor, { module: 'resize.js' }, 'cat.png');
 */
export interface Executor {
  /**
   * Begins work; the Promise that it gives is settled with the outcome.
   * @param work - how it was given to `runInExecutor`; an executor may take other things too
   */
  submit(work: any, args: readonly unknown[], options?: SubmitOptions): PromiseLike<unknown>;
  /** Takes no more work. May be called again, with other options. */
  shutdown(options?: ShutdownOptions): PromiseLike<void> | void;
  /** @internal Whether the work takes real time, also for a loop in simulated time. */
  readonly _takesRealTime?: boolean | undefined;
}

/** Refuses anything but an executor. @throws TypeError that names what is missing */
export function checkExecutor(executor: unknown, what: string): asserts executor is Executor {
  const given = executor as Partial<Executor> | null | undefined;
  const missing = (['submit', 'shutdown'] as const)
    .filter((name) => typeof given?.[name] !== 'function')
    .map((name) => `${name}()`);
  if (missing.length === 0) return;
  const kind =
    executor === null || typeof executor !== 'object'
      ? describeShort(executor)
      : (executor.constructor?.name ?? 'object');
  throw new TypeError(`${what}: ${kind} is no executor: it has no ${missing.join(' and no ')}`);
}

function describeShort(value: unknown): string {
  return typeof value === 'function'
    ? `the function ${value.name || '(anonymous)'}`
    : String(value);
}
