/**
 * `startTrace`: records what the loops of a program do, for Perfetto (https://ui.perfetto.dev) and
 * chrome://tracing.
 */

import type { LoopCore } from '../../core/contract/loop-core.ts';
import type { AbstractEventLoop } from '../../core/loop/abstract-event-loop.ts';
import { LOOP_CREATE } from '../../core/observe/diagnostics-channels.ts';
import type { LoopMessage } from '../../core/loop/diagnostics-messages.ts';
import { describe } from '../../core/support/describe.ts';
import { toSeconds } from '../../core/support/duration.ts';
import type { Duration } from '../../core/support/duration.ts';
import { checkOptions } from '../../core/support/options.ts';
import { liveLoops } from '../../core/loop/live-loops.ts';
import { addObserver } from '../../core/observe/observe.ts';
import { showsText } from '../../core/support/shows-text.ts';
import { workerThreads } from '../../core/support/worker-threads.ts';
import { sharedClockMs } from '../clock.ts';
import { TraceEvents } from './trace-events.ts';
import { TraceFile } from './trace-file.ts';
import { CHUNK_EVENTS, TraceObserver } from './trace-observer.ts';
import { every } from './trace-timer.ts';

/** Options of `startTrace`. */
export interface TraceOptions {
  /**
   * Record only this loop; by default every loop of the thread, and of workers that start later.
   */
  loop?: AbstractEventLoop | undefined;
  /**
   * Stop recording after this many events; by default unlimited. Checked after each turn and every
   * 2048 events, so up to that many more may be recorded.
   */
  limit?: number | undefined;
  /**
   * How long to record, in seconds or as a string with a unit; by default until `stop()`, or the
   * end of the process.
   */
  duration?: Duration | undefined;
}

/** The result of `Trace.stop()`; `await` and `yield*` return it unchanged. */
export class TraceSummary {
  readonly path: string;
  /** How many events are in the file. */
  readonly events: number;

  constructor(path: string, events: number) {
    this.path = path;
    this.events = events;
  }

  *[Symbol.iterator](): Generator<never, TraceSummary> {
    return this;
  }

  toString(): string {
    return `<TraceSummary ${this.path}, ${this.events} events>`;
  }
}

/** Key of the environment data under which workers find the trace of their parent. */
export const TRACE_KEY = 'oxbow.trace';

/** What a worker inherits. */
export interface InheritedTrace {
  readonly file: ReturnType<TraceFile['share']>;
  readonly limit: number;
}

/**
 * How long events are collected before they are written: this much is lost when a process is
 * killed.
 */
const FLUSH_MS = 250;

/** A trace that is being recorded. Made by `startTrace`. */
export class Trace {
  readonly #file: TraceFile;
  readonly #owner: boolean;
  readonly #limit: number;
  readonly #events: TraceEvents = new TraceEvents(process.pid);
  readonly #observer: TraceObserver;
  readonly #remove: Map<AbstractEventLoop, () => void> = new Map();
  readonly #stopTimer: () => void;
  /** When to stop, on `sharedClockMs()`. */
  readonly #endMs: number;
  #flushedMs = -Infinity;
  #last: LoopCore | null = null;
  #summary: TraceSummary | null = null;

  /** @internal */
  constructor(file: TraceFile, owner: boolean, options: TraceOptions) {
    this.#file = file;
    this.#owner = owner;
    this.#limit = options.limit ?? Infinity;
    this.#observer = new TraceObserver(this.#events, workerThreads().threadId, this.#dispatched);
    process.on('exit', this.#exit);
    this.#endMs = sharedClockMs() + toSeconds(options.duration ?? Infinity, 'duration') * 1000;
    this.#stopTimer = every(FLUSH_MS / 1000, () => this.#pass());
    if (options.loop !== undefined) {
      this.#watch(options.loop);
      return;
    }
    for (const loop of liveLoops()) this.#watch(loop);
    LOOP_CREATE.subscribe(this.#created);
  }

  /** The path of its file. */
  get path(): string {
    return this.#file.path;
  }

  /** How many events were recorded, including those of workers. */
  get events(): number {
    return this.#file.events + this.#events.count;
  }

  #watch(loop: AbstractEventLoop): void {
    for (const known of this.#remove.keys()) if (known.isClosed()) this.#remove.delete(known);
    if (!this.#remove.has(loop)) this.#remove.set(loop, addObserver(loop, this.#observer));
  }

  readonly #created = (message: unknown): void => this.#watch((message as LoopMessage).loop);

  readonly #dispatched = (loop: LoopCore): void => {
    this.#last = loop;
    this.#pass();
  };

  /** Writes the events or ends the trace, if it is time for either. */
  #pass(): void {
    const now = sharedClockMs();
    if (this.events >= this.#limit || now >= this.#endMs) this.stop();
    else if (this.#events.count >= CHUNK_EVENTS || now - this.#flushedMs >= FLUSH_MS / 2) {
      this.#flushedMs = now;
      this.#flush();
    }
  }

  /** Writes the events. An error ends the trace with a warning, but not the program. */
  #flush(): void {
    if (this.#summary !== null) return;
    const events = this.#events.take();
    try {
      this.#file.write(events);
    } catch (error) {
      process.emitWarning(
        `the trace ${this.path} ends here: ${(error as Error).message}`,
        'OxbowWarning',
      );
      this.#file.close();
    }
    if (this.#file.closed) this.#detach();
  }

  readonly #exit = (): void => {
    this.stop();
  };

  #detach(): void {
    LOOP_CREATE.unsubscribe(this.#created);
    for (const remove of this.#remove.values()) remove();
    this.#remove.clear();
    this.#stopTimer();
    process.removeListener('exit', this.#exit);
  }

  /**
   * Ends the recording and closes the file; a second call returns the same summary. All is done
   * when it returns; `await` and `yield*` on the summary are allowed, but not needed.
   */
  stop(): TraceSummary {
    if (this.#summary !== null) return this.#summary;
    if (this.#last !== null) this.#events.closeAll(Math.round(this.#last.time() * 1e9));
    this.#flush();
    this.#detach();
    if (this.#owner) {
      if (this.#file.isShared(workerThreads().getEnvironmentData(TRACE_KEY))) {
        workerThreads().setEnvironmentData(TRACE_KEY, undefined);
      }
      this.#file.close();
    }
    this.#summary = new TraceSummary(this.path, this.#file.events);
    return this.#summary;
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  toString(): string {
    return `<Trace ${this.path}, ${this.events} events${this.#summary === null ? '' : ', ended'}>`;
  }
}

/**
 * Records what the loops of this thread do, and those of workers that start from now on, until
 * `stop()` or the end of the process: turns, callbacks, steps and lives of tasks, how late timers
 * were, and when the thread slept. The file is a Chrome trace, which Perfetto
 * (https://ui.perfetto.dev) opens; if its name ends in `.gz` it is compressed. It is complete after
 * every write, so even a process that is killed leaves a readable file.
 *
 * Times are those of `loop.time()`: with simulated time, simulated.
 *
 * @param path - the file to write; an existing one is replaced
 * @throws TypeError or RangeError for invalid options; the file system's error for the path
 * @example
 * const trace = startTrace('out.json');
 * yield* sleep(10);
 * const { events } = trace.stop();
 */
export function startTrace(path: string, options: TraceOptions = {}): Trace {
  if (typeof path !== 'string' || path === '') {
    throw new TypeError(`path: ${describe(path)} is not the name of a file`);
  }
  checkTraceOptions(options);
  const file = TraceFile.create(path);
  const trace = new Trace(file, true, options);
  if (options.loop === undefined) {
    const inherited: InheritedTrace = { file: file.share(), limit: options.limit ?? Infinity };
    workerThreads().setEnvironmentData(TRACE_KEY, inherited as never);
  }
  return trace;
}

function checkTraceOptions(options: TraceOptions): void {
  checkOptions('startTrace()', options, ['loop', 'limit', 'duration']);
  const { loop, limit, duration } = options;
  if (limit !== undefined && typeof limit !== 'number') {
    throw new TypeError(`limit: ${describe(limit)} is not a number of events`);
  }
  if (limit !== undefined && !(limit > 0)) {
    throw new RangeError(`limit: ${limit} is not a number of events; it must be above 0`);
  }
  if (duration !== undefined) toSeconds(duration, 'duration');
  if (loop !== undefined && typeof loop?.isClosed !== 'function') {
    throw new TypeError(`loop: ${describe(loop)} is not an event loop`);
  }
}

showsText(Trace, TraceSummary);
