/**
 * Threads for work that would block the loop. The threads are managed by piscina; waiting jobs are
 * kept here, so that they can be cancelled.
 */
import type { ResourceLimits } from 'node:worker_threads';

import type { Piscina } from 'piscina';

import { listenToAbort } from '../../core/support/abort-listeners.ts';
import { describe } from '../../core/support/describe.ts';
import { toSeconds } from '../../core/support/duration.ts';
import type { Duration } from '../../core/support/duration.ts';
import { CancelledError, RuntimeError } from '../../core/errors/errors.ts';
import type {
  Callable,
  Executor,
  ModuleWork,
  ShutdownOptions,
  SubmitOptions,
  Work,
} from './executor.ts';
import { checkFlags, checkOptions } from '../../core/support/options.ts';
import { showsText } from '../../core/support/shows-text.ts';
import { requirePackage } from '../../native/package-root.ts';
import { abortedBefore } from '../../tasks/abort.ts';
import { ThreadJob } from './thread-job.ts';

/** Under Node's permission model, a pool that may not start threads would end the whole process. */
function checkThreadsAllowed(): void {
  const { permission } = process as { permission?: { has(scope: string): boolean } };
  if (permission === undefined || permission.has('worker')) return;
  throw Object.assign(
    new RuntimeError(
      'this Node was started with --permission and without ' +
        '--allow-worker, so there are no threads to do work in',
    ),
    { code: 'ERR_OXBOW_NO_THREADS' },
  );
}

/** Options of `ThreadPoolExecutor`. */
export interface ThreadPoolExecutorOptions {
  /** The maximum number of threads; by default the number of processors plus 4, but at most 32. */
  maxWorkers?: number | undefined;
  /** How long a thread without work is kept: seconds, or a string with a unit; 30 s by default. */
  idleTimeout?: Duration | undefined;
  /** The name of the executor in messages; `'threads'` by default. */
  name?: string | undefined;
  /**
   * Whether running work is terminated, with its thread, when it is cancelled; false by default: it
   * continues, as in asyncio.
   */
  terminateOnCancel?: boolean | undefined;
  /** The memory limits of each thread, as for `new Worker`. */
  resourceLimits?: ResourceLimits | undefined;
}

const NAMES: readonly string[] = [
  'maxWorkers',
  'idleTimeout',
  'name',
  'terminateOnCancel',
  'resourceLimits',
];
/** The names of the limits of Node's `new Worker`. */
const LIMITS: readonly string[] = [
  'maxYoungGenerationSizeMb',
  'maxOldGenerationSizeMb',
  'codeRangeSizeMb',
  'stackSizeMb',
];
const SHUTDOWN: readonly string[] = ['wait', 'cancelPending', 'terminate'];

const MILLISECONDS_MAX = 0x7fffffff;

function defaultWorkers(): number {
  return Math.min(32, process.getBuiltinModule('node:os').availableParallelism() + 4);
}

/**
 * Does work in threads (`node:worker_threads`). A thread starts when there is work for it and is
 * kept for later work; idle threads do not keep the process alive.
 *
 * The work is `{ module, name }`, a function of a module, or a self-contained function, which is
 * sent as its source text. Arguments and results are copied, as by `structuredClone`.
 *
 * @example
 * const threads = new ThreadPoolExecutor({ maxWorkers: 4 });
 * const sum = yield* loop.runInExecutor(threads, (a: number, b: number) => a + b, 1, 2);
 * yield* promise(threads.shutdown());
 */
export class ThreadPoolExecutor implements Executor {
  readonly maxWorkers: number;
  readonly name: string;
  /** @internal */ readonly _takesRealTime = true;
  readonly #idleMilliseconds: number;
  readonly #terminateOnCancel: boolean;
  readonly #resourceLimits: ResourceLimits | undefined;
  readonly #waiting: Set<ThreadJob> = new Set();
  readonly #running: Set<ThreadJob> = new Set();
  #pool: Piscina | null = null;
  #shutDown = false;
  #ending = false;
  #ended: PromiseWithResolver | null = null;

  /** @throws TypeError, RangeError for wrong options */
  constructor(options: ThreadPoolExecutorOptions = {}) {
    checkOptions('ThreadPoolExecutor', options, NAMES);
    checkFlags('ThreadPoolExecutor', options, ['terminateOnCancel']);
    const { maxWorkers = defaultWorkers(), idleTimeout = '30s' } = options;
    if (typeof maxWorkers !== 'number') {
      throw new TypeError(`maxWorkers: ${describe(maxWorkers)} is not a number`);
    }
    if (!Number.isInteger(maxWorkers) || maxWorkers < 1) {
      throw new RangeError(`maxWorkers: ${maxWorkers} is not a positive integer`);
    }
    this.maxWorkers = maxWorkers;
    this.name = nameOf(options);
    const idle = idleTimeout === Infinity ? Infinity : toSeconds(idleTimeout, 'idleTimeout');
    this.#idleMilliseconds = Math.min(Math.max(0, idle) * 1000, MILLISECONDS_MAX);
    this.#terminateOnCancel = options.terminateOnCancel === true;
    const { resourceLimits } = options;
    if (resourceLimits !== undefined) checkOptions('resourceLimits', resourceLimits, LIMITS);
    this.#resourceLimits = resourceLimits;
  }

  /**
   * Starts work in a thread as soon as one is free, in the order of the calls.
   *
   * @param work - a self-contained function, `{ func, transfer }`, `{ module, name, transfer }`
   * @param args - its arguments, copied at once
   * @param options - `signal`: aborting it rejects with an AbortError; work that has not started is
   *   dropped
   * @throws TypeError for work that cannot be done in a thread; DataCloneError naming an argument
   *   that cannot be copied; RuntimeError after `shutdown`. The Promise is rejected with what the
   *   work throws, or with RuntimeError when its thread ends
   * @example const sum = await threads.submit((a: number, b: number) => a + b, [1, 2]);
   */
  submit<A extends unknown[], R>(
    work: Callable<A, R>,
    args?: readonly [...A],
    options?: SubmitOptions,
  ): Promise<Awaited<R>>;
  submit<R = any>(work: ModuleWork, args?: readonly unknown[], options?: SubmitOptions): Promise<R>;
  submit(work: Work, args: readonly unknown[] = [], options: SubmitOptions = {}): Promise<unknown> {
    if (this.#shutDown) throw new RuntimeError('cannot schedule new futures after shutdown');
    checkOptions('submit()', options, ['signal']);
    const { signal } = options;
    const aborted = abortedBefore(signal);
    if (aborted !== null) return Promise.reject(aborted);
    // Load the pool now, so that a failure is thrown by this call.
    this.#threads();
    const job = new ThreadJob(work, args, this.#terminateOnCancel);
    if (signal !== undefined && signal !== null) this.#follow(job, signal);
    this.#waiting.add(job);
    this.#begin();
    return job.outcome;
  }

  #follow(job: ThreadJob, signal: AbortSignal): void {
    const abort = (): void => {
      this.#waiting.delete(job);
      job.abort(signal.reason);
      this.#endIfIdle();
    };
    const forget = listenToAbort(signal, abort);
    job.outcome.then(forget, forget);
  }

  #begin(): void {
    for (const job of this.#waiting) {
      if (this.#running.size >= this.maxWorkers) return;
      this.#waiting.delete(job);
      this.#running.add(job);
      job.begun = true;
      const done = (failure?: unknown): void => this.#done(job, failure);
      this.#perform(job).then(() => done(), done);
    }
  }

  /** Async, because piscina throws synchronously when no thread can be started. */
  async #perform(job: ThreadJob): Promise<void> {
    await this.#threads().run(job.message, {
      transferList: [job.message.port],
      signal: job.kill?.signal ?? null,
    });
  }

  #done(job: ThreadJob, failure: unknown): void {
    this.#running.delete(job);
    job.finish(failure);
    this.#begin();
    this.#endIfIdle();
  }

  #threads(): Piscina {
    if (this.#pool !== null) return this.#pool;
    requirePackage('piscina and the file that its threads start with');
    checkThreadsAllowed();
    // Programs that use no threads must not pay for loading it.
    const { createRequire } = process.getBuiltinModule('node:module');
    const { Piscina } = createRequire(import.meta.url)('piscina') as typeof import('piscina');
    const pool = new Piscina({
      filename: new URL('./executor-worker.js', import.meta.url).href,
      minThreads: 0,
      maxThreads: this.maxWorkers,
      idleTimeout: this.#idleMilliseconds,
      // So that a thread's own event loop (sockets, timers) keeps running between two jobs.
      atomics: 'disabled',
      recordTiming: false,
      ...(this.#resourceLimits === undefined ? {} : { resourceLimits: this.#resourceLimits }),
    });
    let lost: unknown;
    pool.on('error', (error) => {
      lost = error;
      if (pool.threads.length === 0 && this.#running.size > 0) return;
      process.emitWarning(
        `${this}: an error outside of all work has ended a thread: ` +
          `${error instanceof Error ? error.stack : describe(error)}`,
        'OxbowWarning',
      );
    });
    // Otherwise work whose thread could not even start would wait for ever.
    pool.on('workerDestroy', () =>
      setImmediate(() => {
        if (pool.threads.length === 0) this.#failStuck(lost);
      }),
    );
    return (this.#pool = pool);
  }

  #failStuck(cause: unknown): void {
    for (const job of this.#running) {
      job.fail(
        new RuntimeError(`${this}: no thread could be started for ${job.message.label}`, { cause }),
      );
      this.#running.delete(job);
    }
    this.#begin();
    this.#endIfIdle();
  }

  /**
   * Stops accepting work; `submit` throws from now on. May be called again, with other options.
   *
   * @param options - `wait` (default true): waits until all work is done and the threads have
   *   ended; `cancelPending` (default false): drops work that has not started, which is rejected
   *   with a CancelledError; `terminate` (default false): also terminates running work, which is
   *   rejected with RuntimeError
   */
  async shutdown(options: ShutdownOptions = {}): Promise<void> {
    checkOptions('shutdown()', options, SHUTDOWN);
    checkFlags('shutdown()', options, SHUTDOWN);
    const { wait = true, cancelPending = false, terminate = false } = options;
    this.#shutDown = true;
    if (cancelPending || terminate) this.#dropWaiting();
    if (terminate) this.#terminate();
    const ended = (this.#ended ??= withResolver());
    this.#endIfIdle();
    if (wait) await ended.promise;
  }

  #dropWaiting(): void {
    for (const job of this.#waiting) drop(job, new CancelledError('the executor was shut down'));
    this.#waiting.clear();
  }

  #terminate(): void {
    for (const job of this.#running) {
      drop(job, new RuntimeError(`the thread that ran ${job.message.label} was terminated`));
    }
    this.#running.clear();
  }

  #endIfIdle(): void {
    const ended = this.#ended;
    if (ended === null || this.#ending || this.#waiting.size + this.#running.size > 0) return;
    this.#ending = true;
    if (this.#pool === null) ended.resolve();
    else this.#pool.destroy().then(ended.resolve, ended.resolve);
    this.#pool = null;
  }

  /** For `await using`: calls `shutdown()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  toString(): string {
    return `<ThreadPoolExecutor ${this.name}>`;
  }
}

function nameOf({ name = 'threads' }: ThreadPoolExecutorOptions): string {
  if (typeof name === 'string') return name;
  throw new TypeError(`name: ${describe(name)} is not a string`);
}

/**
 * Fails a job because of `shutdown`, whose caller expects that: the rejection must not end the
 * process as unhandled.
 */
function drop(job: ThreadJob, error: Error): void {
  job.outcome.catch(() => {});
  job.fail(error);
}

interface PromiseWithResolver {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function withResolver(): PromiseWithResolver {
  let resolve!: () => void;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

showsText(ThreadPoolExecutor);
