/**
 * The protocol of the monitor's socket: a request is one line of JSON, and so is its answer.
 *
 *   {"version":1,"id":7,"command":"snapshot"}
 *   {"version":1,"id":7,"ok":true,"process":{...}}
 *   {"version":1,"id":7,"ok":false,"error":"..."}
 */

import type { LoopMetrics } from '../../core/observe/metrics.ts';

/** Increased when an old reader would misunderstand the answers. */
export const PROTOCOL_VERSION = 1;

/** The longest request in bytes. */
export const REQUEST_BYTES_MAX = 4096;

/** The most tasks in one answer, for all loops of a thread together. */
export const TASKS_MAX = 10_000;

/** A stack frame; `file` is '' when only the function is known. */
export interface Frame {
  readonly functionName: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A task that is not done. */
export interface TaskInfo {
  /** Unique in its thread; stays the same as long as the task lives. */
  readonly id: number;
  readonly name: string;
  /** `running`, `ready` (its next step is due), `waiting`, `new` (not started), `cancelling`. */
  readonly state: string;
  /** `generator` or `async`. */
  readonly lane: string;
  /** The name of the coroutine's function, '' if unknown. */
  readonly coroutine: string;
  /** The stack where it waits, innermost first; empty if unknown. */
  readonly frames: readonly Frame[];
  /** A short description of what it waits for; '' for nothing. */
  readonly waitsFor: string;
  /** The ids of the tasks that wait for this one. */
  readonly awaitedBy: readonly number[];
  /** Where it was created; only in debug mode. */
  readonly created?: string | undefined;
}

/** A histogram of durations in seconds; the bounds of its buckets are `histogramBounds`. */
export interface Durations {
  readonly buckets: readonly number[];
  readonly sum: number;
  readonly max: number;
}

export interface LoopInfo {
  readonly id: number;
  readonly driver: string;
  readonly running: boolean;
  /** As returned by `loop.metrics()`; null when the loop has no metrics. */
  readonly metrics: LoopMetrics | null;
  readonly taskCount: number;
  /** Oldest first; incomplete when there are very many, or they could not be described in time. */
  readonly tasks: readonly TaskInfo[];
}

/** The answer of a thread. */
export interface ThreadReport {
  readonly loops: readonly LoopInfo[];
  readonly slowest: readonly { what: string; seconds: number; secondsAgo: number }[];
}

/**
 * - `ok`: it answered in time;
 * - `busy`: it runs JavaScript that does not return (`stack` says where);
 * - `blocked`: it neither answers nor uses the CPU: it is inside native code, which may be the loop
 *   itself, waiting for events in `runSync`;
 * - `debugger`: a debugger is attached, so the thread was not paused;
 * - `silent`: it does not answer, and nothing more can be found out.
 */
export type ThreadState = 'ok' | 'busy' | 'blocked' | 'debugger' | 'silent';

export interface ThreadInfo extends ThreadReport {
  /** The thread's id; 0 is the main thread. */
  readonly thread: number;
  readonly state: ThreadState;
  /** The name of the callback that runs, or ran last. */
  readonly callback: string;
  /** Whether that callback is still running. */
  readonly inCallback: boolean;
  /** Seconds since the callback began, or, if it does not run any more, since it ended. */
  readonly callbackSeconds: number;
  /** The stack of a busy thread, innermost first. */
  readonly stack: readonly Frame[];
  /** The age of `loops` in seconds; null when the thread has never answered. */
  readonly age: number | null;
  /** How long callbacks took, since the monitor was started. */
  readonly durations: Durations;
}

export interface ProcessInfo {
  readonly pid: number;
  readonly node: string;
  /** The path of the script that was started, or ''. */
  readonly script: string;
  readonly uptime: number;
  readonly threads: readonly ThreadInfo[];
}

export interface Request {
  readonly version: number;
  readonly id: number;
  readonly command: 'snapshot' | 'metrics';
}

/**
 * Parses a request.
 * @returns the request, or a message that says what is wrong with it
 */
export function parseRequest(line: string): Request | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'a request must be one line of JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'a request must be a JSON object';
  }
  const { version, id, command } = value as Partial<Record<string, unknown>>;
  if (version !== PROTOCOL_VERSION) {
    return `version ${shortly(version)} is not spoken here, only ${PROTOCOL_VERSION}`;
  }
  if (typeof id !== 'number') return `id: ${shortly(id)} is not a number`;
  if (command !== 'snapshot' && command !== 'metrics') {
    return `command: ${shortly(command)} is not 'snapshot' or 'metrics'`;
  }
  return { version, id, command };
}

function shortly(value: unknown): string {
  return (JSON.stringify(value) ?? 'undefined').slice(0, 40);
}
