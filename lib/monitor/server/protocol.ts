/**
 * What is said over the monitor's socket: a request is one line of JSON, and so is its answer.
 *
 *   {"version":1,"id":7,"command":"snapshot"}
 *   {"version":1,"id":7,"ok":true,"process":{...}}
 *   {"version":1,"id":7,"ok":false,"error":"..."}
 */

import type { LoopMetrics } from '../../core/observe/metrics.ts';

/** Changes when an old reader would misunderstand the answers. */
export const PROTOCOL_VERSION = 1;

/** A longer request is no request. */
export const REQUEST_BYTES_MAX = 4096;

/** Tasks in one answer, over all loops of a thread. */
export const TASKS_MAX = 10_000;

/** A place in a stack; the file is '' when only the function is known. */
export interface Frame {
  readonly functionName: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A task that is not done. */
export interface TaskInfo {
  /** Number in this process, as long as it lives. */
  readonly id: number;
  readonly name: string;
  /** `running`, `ready` (has a step to make), `waiting`, `new` (not begun), `cancelling`. */
  readonly state: string;
  /** `generator` or `async`. */
  readonly lane: string;
  /** Name of the coroutine's function, '' when it is not known. */
  readonly coroutine: string;
  /** Where it waits, innermost first; empty when it is not known. */
  readonly frames: readonly Frame[];
  /** What it waits for, in a few words; '' for nothing. */
  readonly waitsFor: string;
  /** Tasks that wait for this one. */
  readonly awaitedBy: readonly number[];
  /** Where it was made; debug mode only. */
  readonly created?: string | undefined;
}

/** A histogram; the bounds of the buckets are `histogramBounds` of core. Seconds. */
export interface Durations {
  readonly buckets: readonly number[];
  readonly sum: number;
  readonly max: number;
}

export interface LoopInfo {
  readonly id: number;
  readonly driver: string;
  readonly running: boolean;
  /** As `loop.metrics()` gives it; null when the loop has none. */
  readonly metrics: LoopMetrics | null;
  readonly taskCount: number;
  /** The oldest first; not all of them when there are very many. */
  readonly tasks: readonly TaskInfo[];
}

/** What a thread answers. */
export interface ThreadReport {
  readonly loops: readonly LoopInfo[];
  readonly slowest: readonly { what: string; seconds: number; secondsAgo: number }[];
}

/**
 * - `ok`: it answered at once;
 * - `busy`: it runs JavaScript and does not come to an end with it (`stack` says where);
 * - `blocked`: it does not answer and does not compute: native code holds it, which may be the
 *   loop itself where `runSync` waits for events;
 * - `debugger`: a debugger is attached, so it was not looked into;
 * - `silent`: it does not answer, and no more can be found out.
 */
export type ThreadState = 'ok' | 'busy' | 'blocked' | 'debugger' | 'silent';

export interface ThreadInfo extends ThreadReport {
  /** 0 is the main thread. */
  readonly thread: number;
  readonly state: ThreadState;
  /** The callback that runs, or ran last. */
  readonly callback: string;
  /** Whether it still runs. */
  readonly inCallback: boolean;
  /** Seconds since it began, or since it ended. */
  readonly callbackSeconds: number;
  /** Where a busy thread is, innermost first. */
  readonly stack: readonly Frame[];
  /** How old `loops` are, in seconds; null when there has never been an answer. */
  readonly age: number | null;
  /** Of callbacks, since the start. */
  readonly durations: Durations;
}

export interface ProcessInfo {
  readonly pid: number;
  readonly node: string;
  /** What was started: the path of the script, or ''. */
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
 * Reads a request.
 * @returns a message that says what is wrong with it, if anything is
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
