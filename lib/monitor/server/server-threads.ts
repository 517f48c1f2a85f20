/** The threads that have loops, as seen by the monitor's thread. */
import { BroadcastChannel } from 'node:worker_threads';

import { ANSWERS, ASKS, CONTROL_ENDING, CONTROL_SESSION } from '../asks-and-answers.ts';
import type { Answer, Ask, Gone, Hello, MonitorSetup, Who } from '../asks-and-answers.ts';
import { sharedClockMs } from '../clock.ts';
import type { Frame, ThreadInfo, ThreadReport, ThreadState } from './protocol.ts';
import { mainThreadComputes } from './server-cpu.ts';
import { lookIntoMainThread } from './server-inspector.ts';
import type { Look } from './server-inspector.ts';
import { wakeLoops } from './server-wake.ts';
import { SHARED_BYTES, SharedState } from './shared.ts';

/** A thread that has not answered after this time counts as stuck. */
const ANSWER_MS = 200;
/**
 * Loops that have not answered after this time are woken: one that owns its thread reads questions
 * only at the beginning of a turn.
 */
const WAKE_MS = 40;
/** How often tasks are listed unasked, so that those of a stuck thread are at most this old. */
const REFRESH_MS = 5_000;
/** How long an answer may hold up a loop, in seconds: on a client's request, and unasked. */
const LOOK_SECONDS = 0.1;
const REFRESH_SECONDS = 0.01;
/** For how long an answer is reused, in case a client asks continuously. */
const FRESH_MS = 50;

const NOTHING: ThreadReport = { loops: [], slowest: [] };

interface Reported {
  /** A ThreadReport as JSON. */
  readonly report: string;
  readonly atMs: number;
}

interface Known {
  readonly thread: number;
  shared: SharedState;
  inboxes: readonly number[];
  /** The last answer, and the last one with tasks, which is shown when the thread is stuck. */
  last: Reported | null;
  listed: Reported | null;
  /** The number of the newest question that it has answered. */
  answered: number;
}

export class Threads {
  readonly #known: Map<number, Known> = new Map();
  readonly #asks: BroadcastChannel = new BroadcastChannel(ASKS);
  readonly #answers: BroadcastChannel = new BroadcastChannel(ANSWERS);
  readonly #control: Int32Array;
  /** Whether the inspector may be used. */
  #mayInspect: boolean;
  readonly #refreshing: NodeJS.Timeout;
  #question = 0;
  #allAnswered: (() => void) | null = null;
  #looking: Promise<ThreadInfo[]> | null = null;
  #last: { atMs: number; tasks: boolean; threads: ThreadInfo[] } | null = null;
  /** Whether an inspector session was ever opened; if so, this thread must not end. */
  usedInspector: boolean = false;

  constructor(setup: MonitorSetup) {
    // The inspector is used only if the main thread started this one: a worker's end would
    // terminate this thread, perhaps during a session.
    this.#mayInspect = setup.thread === 0;
    this.#control = new Int32Array(setup.control);
    this.#meet(setup);
    this.#answers.onmessage = (event: unknown) => {
      this.#hear((event as { data: unknown }).data as Answer | Hello | Gone);
    };
    this.#asks.postMessage({ kind: 'who' } satisfies Who);
    this.#refresh();
    this.#refreshing = setInterval(() => this.#refresh(), REFRESH_MS);
  }

  #meet({ thread, shared, inboxes }: Pick<Hello, 'thread' | 'shared' | 'inboxes'>): void {
    const known = this.#known.get(thread);
    if (known !== undefined) {
      known.inboxes = inboxes;
      // The memory is new if the thread's monitor was closed and started again.
      known.shared = new SharedState(shared);
    } else {
      this.#known.set(thread, {
        thread,
        shared: new SharedState(shared),
        inboxes,
        last: null,
        listed: null,
        answered: 0,
      });
    }
  }

  #hear(message: Answer | Hello | Gone): void {
    // The program may use a channel of the same name.
    if (typeof message !== 'object' || message === null) return;
    if (message.kind === 'hello' && message.shared instanceof SharedArrayBuffer) {
      // Another version of this package in the same program has its own monitor.
      if (message.shared.byteLength !== SHARED_BYTES) return;
      this.#meet(message);
    } else if (message.kind === 'gone') {
      this.#known.delete(message.thread);
    } else if (message.kind === 'answer' && typeof message.report === 'string') {
      const known = this.#known.get(message.thread);
      if (known === undefined) return;
      known.last = { report: message.report, atMs: sharedClockMs() };
      if (message.tasks) known.listed = known.last;
      // An answer to an older question does not count as one to the current question.
      known.answered = Math.max(known.answered, message.id);
    } else return;
    if (this.#late().length === 0) this.#allAnswered?.();
  }

  #late(): Known[] {
    return [...this.#known.values()].filter(({ answered }) => answered !== this.#question);
  }

  /**
   * Asks all threads, and finds out why some do not answer. Only one question is asked at a time.
   */
  async look(tasks: boolean): Promise<ThreadInfo[]> {
    while (this.#looking !== null) await this.#looking;
    const last = this.#last;
    if (last !== null && sharedClockMs() - last.atMs < FRESH_MS && last.tasks === tasks) {
      return last.threads;
    }
    this.#looking = this.#ask(tasks);
    try {
      const threads = await this.#looking;
      this.#last = { atMs: sharedClockMs(), tasks, threads };
      return threads;
    } finally {
      this.#looking = null;
    }
  }

  async #ask(tasks: boolean): Promise<ThreadInfo[]> {
    const id = ++this.#question;
    this.#asks.postMessage({ kind: 'ask', id, tasks, limit: LOOK_SECONDS } satisfies Ask);
    for (const { shared } of this.#known.values()) shared.ask();
    await this.#answersIn(WAKE_MS);
    const late = this.#late();
    if (late.length > 0) {
      wakeLoops(late.flatMap(({ inboxes }) => inboxes));
      await this.#answersIn(ANSWER_MS - WAKE_MS);
    }
    const all = [...this.#known.values()].sort((a, b) => a.thread - b.thread);
    return Promise.all(all.map((known) => this.#describe(known, id)));
  }

  /** Waits until all have answered or the time is over. */
  async #answersIn(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#allAnswered = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#allAnswered = null;
  }

  /**
   * Asks without waiting for the answers, so that tasks are known of a thread that gets stuck
   * later.
   */
  #refresh(): void {
    if (this.#looking !== null) return;
    const id = ++this.#question;
    this.#asks.postMessage({ kind: 'ask', id, tasks: true, limit: REFRESH_SECONDS } satisfies Ask);
  }

  async #describe(known: Known, id: number): Promise<ThreadInfo> {
    let state: ThreadState = 'ok';
    let stack: readonly Frame[] = [];
    if (known.answered !== id) ({ state, stack } = await this.#lookInto(known, id));
    const now = sharedClockMs();
    const told = known.answered === id ? known.last : (known.listed ?? known.last);
    const age = told === null ? null : (now - told.atMs) / 1000;
    const { text, running, since } = known.shared.pulse();
    return {
      ...completed(parseReport(told?.report ?? null), stack, age ?? 0),
      thread: known.thread,
      state,
      callback: text,
      inCallback: running,
      callbackSeconds: since === 0 ? 0 : Math.max(0, now - since) / 1000,
      stack,
      age,
      durations: known.shared.durations(),
    };
  }

  /** Finds out why a thread does not answer. */
  async #lookInto(
    known: Known,
    id: number,
  ): Promise<{ state: ThreadState; stack: readonly Frame[] }> {
    if (known.thread !== 0) return { state: 'silent', stack: [] };
    const computes = await mainThreadComputes();
    // The answer arrived meanwhile.
    if (known.answered === id) return { state: 'ok', stack: [] };
    if (computes === false) return { state: 'blocked', stack: [] };
    if (known.shared.debugged) return { state: 'debugger', stack: [] };
    if (!this.#mayInspect) return { state: 'silent', stack: [] };
    const look = await this.#inspect();
    if (look === 'debugger') return { state: 'debugger', stack: [] };
    if (look === null) return { state: computes === true ? 'silent' : 'blocked', stack: [] };
    if (look.report !== null) {
      known.listed = { report: look.report, atMs: sharedClockMs() };
    }
    return { state: 'busy', stack: look.stack };
  }

  /**
   * While CONTROL_SESSION is set, the process delays its exit: ending during a session prints a
   * message and may hang.
   */
  async #inspect(): Promise<Look | 'debugger' | null> {
    this.usedInspector = true;
    Atomics.store(this.#control, CONTROL_SESSION, 1);
    try {
      return Atomics.load(this.#control, CONTROL_ENDING) === 0 ? await lookIntoMainThread() : null;
    } finally {
      Atomics.store(this.#control, CONTROL_SESSION, 0);
    }
  }

  /** A look in progress is finished, but uses the inspector only if it has already begun to. */
  close(): void {
    this.#mayInspect = false;
    clearInterval(this.#refreshing);
    this.#asks.close();
    this.#answers.close();
  }
}

function parseReport(report: string | null): ThreadReport {
  if (report === null) return NOTHING;
  try {
    return JSON.parse(report) as ThreadReport;
  } catch {
    return NOTHING;
  }
}

/**
 * Adds what changed since the thread made the report: the stack of the running task, and the time.
 */
function completed(report: ThreadReport, stack: readonly Frame[], age: number): ThreadReport {
  const slowest = report.slowest.map((callback) => ({
    ...callback,
    secondsAgo: callback.secondsAgo + age,
  }));
  if (stack.length === 0) return { ...report, slowest };
  const loops = report.loops.map((loop) => ({
    ...loop,
    tasks: loop.tasks.map((task) => (task.state === 'running' ? { ...task, frames: stack } : task)),
  }));
  return { loops, slowest };
}
