/** What the monitor's thread and the threads with loops say to each other. */

/** The monitor asks. */
export const ASKS = 'oxbow.monitor.asks';
/** Threads answer. */
export const ANSWERS = 'oxbow.monitor.answers';
/** Symbol of the global function that gives a snapshot, for a thread that is paused. */
export const SNAPSHOT_HOOK = 'oxbow.monitor.snapshot';

/** Who is there? */
export interface Who {
  readonly kind: 'who';
}

export interface Ask {
  readonly kind: 'ask';
  readonly id: number;
  /** Whether to list tasks. */
  readonly tasks: boolean;
  /** How long the thread may be held up for the answer, in seconds. */
  readonly limit: number;
}

/** A thread has loops. */
export interface Hello {
  readonly kind: 'hello';
  readonly thread: number;
  readonly shared: SharedArrayBuffer;
  /** Of its loops: posting to one wakes a loop that owns its thread. */
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

// Words that the monitor's thread shares with the one that has started it.
/** Whether the socket is there and ours. */
export const CONTROL_BOUND = 0;
/** Whether a session of the inspector with the main thread is open. */
export const CONTROL_SESSION = 1;
/** Whether the process ends: no session may be opened any more. */
export const CONTROL_ENDING = 2;
export const CONTROL_BYTES = 12;

/** What the monitor's thread is started with. */
export interface MonitorSetup {
  readonly path: string;
  /** `CONTROL_…` words. */
  readonly control: SharedArrayBuffer;
  /** The thread that has started it. */
  readonly thread: number;
  readonly shared: SharedArrayBuffer;
  readonly inboxes: readonly number[];
  readonly script: string;
  /** When the process began, on the shared clock. */
  readonly startedMs: number;
}
