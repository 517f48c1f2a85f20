/**
 * Processes for work that must be isolated from this process: its memory, its crashes. The
 * processes are managed by workerpool; this class tracks the jobs.
 */
import { fileURLToPath } from 'node:url';

import { AbortError, CancelledError, RuntimeError } from '../../core/errors/errors.ts';
import { listenToAbort } from '../../core/support/abort-listeners.ts';
import { describe } from '../../core/support/describe.ts';
import { checkFlags, checkOptions } from '../../core/support/options.ts';
import { showsText } from '../../core/support/shows-text.ts';
import { requirePackage } from '../../native/package-root.ts';
import { abortedBefore } from '../../tasks/abort.ts';
import { unpackError } from '../share/remote-error.ts';
import type { PackedError } from '../share/remote-error.ts';
import type {
  Callable,
  Executor,
  ModuleWork,
  ShutdownOptions,
  SubmitOptions,
  Work,
} from './executor.ts';
import type { ProcessAnswer } from './process-worker.ts';
import { threadWork } from './thread-work.ts';
import type { WorkMessage } from './thread-work.ts';

/** Options of `ProcessPoolExecutor`. */
export interface ProcessPoolExecutorOptions {
  /** The maximum number of processes; by default one per processor. */
  maxWorkers?: number | undefined;
  /** The name of the executor in messages; `'processes'` by default. */
  name?: string | undefined;
}

/** How long a process may take to exit before it is killed, in milliseconds. */
const GRACE = 100;

function defaultWorkers(): number {
  return process.getBuiltinModule('node:os').availableParallelism();
}

/** Programs that use no processes must not pay for loading it. */
function codec(): typeof import('node:v8') {
  return process.getBuiltinModule('node:v8');
}

/** The part of workerpool used here; its own type declarations require browser types. */
interface Pool {
  exec(method: 'perform', args: [WorkMessage, Buffer]): Cancellable;
  stats(): { readonly pendingTasks: number };
  terminate(force: boolean): PromiseLike<unknown>;
}

interface Cancellable extends PromiseLike<ProcessAnswer> {
  cancel(): void;
}

type MakePool = (script: string, options: object) => Pool;

/** A piece of work that is waiting or running. */
interface Job {
  readonly label: string;
  readonly running: Cancellable;
  readonly reject: (error: unknown) => void;
}

/**
 * Does work in child processes, as `ThreadPoolExecutor` does in threads; modelled on Python's
 * `concurrent.futures.ProcessPoolExecutor`. A process starts when there is work for it. Work that
 * is cancelled while it runs is terminated by killing its process.
 *
 * The work is `{ module, name }`, a function of a module, or a self-contained function, which is
 * sent as its source text. Arguments and results are copied by `v8.serialize`; nothing can be
 * transferred. Shut it down when it is no longer needed: its processes keep this process alive.
 *
 * @example
 * await using processes = new ProcessPoolExecutor({ maxWorkers: 2 });
 * const pid = await getRunningLoop().runInExecutor(processes, () => process.pid);
 */
export class ProcessPoolExecutor implements Executor {
  readonly maxWorkers: number;
  readonly name: string;
  /** @internal */ readonly _takesRealTime = true;
  readonly #jobs: Set<Job> = new Set();
  #pool: Pool | null = null;
  #shutDown = false;
  #ended: Promise<void> | null = null;

  /** @throws TypeError, RangeError for wrong options */
  constructor(options: ProcessPoolExecutorOptions = {}) {
    checkOptions('ProcessPoolExecutor', options, ['maxWorkers', 'name']);
    const { maxWorkers = defaultWorkers(), name = 'processes' } = options;
    if (!Number.isInteger(maxWorkers) || maxWorkers < 1) {
      throw new RangeError(`maxWorkers: ${describe(maxWorkers)} is not a positive integer`);
    }
    if (typeof name !== 'string') throw new TypeError(`name: ${describe(name)} is not a string`);
    this.maxWorkers = maxWorkers;
    this.name = name;
  }

  /**
   * Starts work in a process as soon as one is free, in the order of the calls.
   *
   * @param work - a self-contained function, `{ func }`, `{ module, name }`
   * @param args - its arguments, copied at once
   * @param options - `signal`: aborting it rejects with an AbortError and ends the process
   * @throws TypeError for work that cannot be done in a process; DataCloneError naming an argument
   *   that cannot be copied; RuntimeError after `shutdown`. The Promise is rejected with what the
   *   work throws, or with RuntimeError when its process ends
   * @example const sum = await processes.submit((a: number, b: number) => a + b, [1, 2]);
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
    const { message, transfer } = threadWork(work);
    if (transfer.length > 0) {
      throw new TypeError('transfer: nothing can be handed over to another process, only copied');
    }
    const packed = packArguments(args);
    const aborted = abortedBefore(options.signal);
    if (aborted !== null) return Promise.reject(aborted);
    return new Promise((resolve, reject) => {
      const running = this.#processes().exec('perform', [message, packed]);
      const job: Job = { label: message.label, running, reject };
      this.#jobs.add(job);
      const forget = this.#follow(job, options.signal);
      const done = (): void => {
        this.#jobs.delete(job);
        forget();
      };
      running.then(
        (answer) => {
          done();
          settle(answer, resolve, reject);
        },
        (error: Error) => {
          done();
          reject(processEnded(message.label, error));
        },
      );
    });
  }

  #follow(job: Job, signal: AbortSignal | null | undefined): () => void {
    if (signal === undefined || signal === null) return () => {};
    return listenToAbort(signal, () => this.#drop(job, new AbortError(signal.reason)));
  }

  #drop(job: Job, error: Error): void {
    if (!this.#jobs.delete(job)) return;
    job.reject(error);
    job.running.cancel();
  }

  #processes(): Pool {
    if (this.#pool !== null) return this.#pool;
    requirePackage('workerpool and the file that its processes start with');
    // Programs that use no processes must not pay for loading it.
    const { createRequire } = process.getBuiltinModule('node:module');
    const { pool } = createRequire(import.meta.url)('workerpool') as { pool: MakePool };
    return (this.#pool = pool(fileURLToPath(new URL('./process-worker.js', import.meta.url)), {
      workerType: 'process',
      maxWorkers: this.maxWorkers,
      workerTerminateTimeout: GRACE,
      forkOpts: { serialization: 'advanced' },
    }));
  }

  /**
   * Stops accepting work; `submit` throws from now on. May be called again, with other options.
   *
   * @param options - `wait` (default true): waits until all work is done and the processes have
   *   ended; `cancelPending` (default false): drops work that has not started, with a
   *   CancelledError; `terminate` (default false): also kills running work, which is rejected with
   *   RuntimeError
   */
  async shutdown(options: ShutdownOptions = {}): Promise<void> {
    const names = ['wait', 'cancelPending', 'terminate'];
    checkOptions('shutdown()', options, names);
    checkFlags('shutdown()', options, names);
    const { wait = true, cancelPending = false, terminate = false } = options;
    this.#shutDown = true;
    if (terminate) this.#dropAll();
    else if (cancelPending) this.#dropWaiting();
    const pool = this.#pool;
    if (pool === null) return;
    this.#ended ??= this.#end(pool);
    if (wait) await this.#ended;
  }

  async #end(pool: Pool): Promise<void> {
    await Promise.allSettled(Array.from(this.#jobs, (job) => job.running));
    await pool.terminate(true);
  }

  #dropAll(): void {
    for (const job of [...this.#jobs]) {
      this.#drop(job, new RuntimeError(`the process that ran ${job.label} was terminated`));
    }
  }

  /** Jobs start in order, so the last ones are those that are still waiting. */
  #dropWaiting(): void {
    const waiting = this.#pool?.stats().pendingTasks ?? 0;
    if (waiting === 0) return;
    for (const job of [...this.#jobs].slice(-waiting)) {
      this.#drop(job, new CancelledError('the executor was shut down'));
    }
  }

  /** For `await using`: calls `shutdown()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  toString(): string {
    return `<ProcessPoolExecutor ${this.name}>`;
  }
}

function settle(
  { value, error }: ProcessAnswer,
  resolve: (value: unknown) => void,
  reject: (error: unknown) => void,
): void {
  if (error === undefined) resolve(codec().deserialize(value!));
  else reject(unpackError(codec().deserialize(error) as PackedError));
}

function packArguments(args: readonly unknown[]): Buffer {
  if (!Array.isArray(args)) throw new TypeError(`args: ${describe(args)} is not an array`);
  try {
    return codec().serialize(args);
  } catch (cause) {
    const index = args.findIndex((arg) => !travels(arg));
    const reason = String((cause as Error).message).split('\n')[0];
    throw new DOMException(
      `argument ${index + 1} (${describe(args[index])}) cannot travel to a process: ${reason}`,
      'DataCloneError',
    );
  }
}

function travels(value: unknown): boolean {
  try {
    codec().serialize(value);
    return true;
  } catch {
    return false;
  }
}

function processEnded(label: string, cause: Error): RuntimeError {
  return new RuntimeError(`the process that ran ${label} has ended`, { cause });
}

showsText(ProcessPoolExecutor);
