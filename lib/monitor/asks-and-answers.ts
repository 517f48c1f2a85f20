/** Messages between the monitor's thread and the threads that have loops. */

/** BroadcastChannel for the questions of the monitor. */
export const ASKS = 'oxbow.monitor.asks';
/** BroadcastChannel for the answers of the threads. */
export const ANSWERS = 'oxbow.monitor.answers';
/**
 * Symbol of the global function that takes a snapshot. It is called through the inspector in a
 * thread that is paused.
 */
export const SNAPSHOT_HOOK = 'oxbow.monitor.snapshot';

/** Asks every thread with loops to send a Hello. */
export interface Who {
  readonly kind: 'who';
}

export interface Ask {
  readonly kind: 'ask';
  readonly id: number;
  /** Whether to list tasks. */
  readonly tasks: boolean;
  /** How long taking the snapshot may hold up the thread, in seconds. */
  readonly limit: number;
}

/** Sent by a thread that has loops: at first, whenever it makes a loop, and in answer to Who. */
export interface Hello {
  readonly kind: 'hello';
  readonly thread: number;
  readonly shared: SharedArrayBuffer;
  /** The inboxes of its loops: a post wakes a loop that owns its thread (`runSync`). */
  readonly inboxes: readonly number[];
}

export interface Answer {
  readonly kind: 'answer';
  readonly thread: number;
  readonly id: number;
  readonly tasks: boolean;
  /** A ThreadReport, as JSON. */
  readonly report: string;
}

/** A thread with loops has ended. */
export interface Gone {
  readonly kind: 'gone';
  readonly thread: number;
}

// Words of memory that the monitor's thread shares with the thread that started it.
/** Whether the socket file exists and was created by this monitor. */
export const CONTROL_BOUND = 0;
/** Whether a session of the inspector with the main thread is open. */
export const CONTROL_SESSION = 1;
/** Whether the process is exiting; from then on no session may be opened. */
export const CONTROL_ENDING = 2;
export const CONTROL_BYTES = 12;

/** The `workerData` of the monitor's thread. */
export interface MonitorSetup {
  readonly path: string;
  /** `CONTROL_…` words. */
  readonly control: SharedArrayBuffer;
  /** The id of the thread that started it. */
  readonly thread: number;
  readonly shared: SharedArrayBuffer;
  readonly inboxes: readonly number[];
  readonly script: string;
  /** When the process started, in milliseconds of `sharedClockMs`. */
  readonly startedMs: number;
}
