/** The threads that have loops, as the monitor's thread sees them. */
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

/** A thread that has not answered by then counts as stuck. */
const ANSWER_MS = 200;
/** A loop that owns its thread hears the question only when it is woken. */
const WAKE_MS = 40;
/** How old the tasks of a thread that is stuck may be. */
const REFRESH_MS = 5_000;
/** How long a loop may be held up for an answer, on request and unasked. */
const LOOK_SECONDS = 0.1;
const REFRESH_SECONDS = 0.01;
/** A client that asks all the time gets the same answer for a while. */
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
  /** The last answer, and the last one that lists tasks: what is left of a thread that is stuck. */
  last: Reported | null;
  listed: Reported | null;
  /** The number of the last question that it answered. */
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
  /** Whether a session of the inspector was opened; the thread must not end after that. */
  usedInspector: boolean = false;

  constructor(setup: MonitorSetup) {
    // This thread ends with the one that has started it, and must not end during a session.
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
      // Another one when the thread has stopped reporting in between.
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
    // Others may have a channel of that name too.
    if (typeof message !== 'object' || message === null) return;
    if (message.kind === 'hello' && message.shared instanceof SharedArrayBuffer) {
      // Another version of the package, which a program may have too, is left to its own monitor.
      if (message.shared.byteLength !== SHARED_BYTES) return;
      this.#meet(message);
    } else if (message.kind === 'gone') {
      this.#known.delete(message.thread);
    } else if (message.kind === 'answer' && typeof message.report === 'string') {
      const known = this.#known.get(message.thread);
      if (known === undefined) return;
      known.last = { report: message.report, atMs: sharedClockMs() };
      if (message.tasks) known.listed = known.last;
      // A late answer to an older question is no answer to this one.
      known.answered = Math.max(known.answered, message.id);
    } else return;
    if (this.#late().length === 0) this.#allAnswered?.();
  }

  #late(): Known[] {
    return [...this.#known.values()].filter(({ answered }) => answered !== this.#question);
  }

  /** Asks all threads, and looks at those that do not answer. One question at a time. */
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

  /** Until all have answered, or the time is over. */
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

  /** Asks without waiting, so that something is known of a thread that is stuck later. */
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

  /** Why a thread does not answer. */
  async #lookInto(
    known: Known,
    id: number,
  ): Promise<{ state: ThreadState; stack: readonly Frame[] }> {
    if (known.thread !== 0) return { state: 'silent', stack: [] };
    const computes = await mainThreadComputes();
    // It was only late.
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

  /** While the word is set the process does not end, which would print a message and may hang. */
  async #inspect(): Promise<Look | 'debugger' | null> {
    this.usedInspector = true;
    Atomics.store(this.#control, CONTROL_SESSION, 1);
    try {
      return Atomics.load(this.#control, CONTROL_ENDING) === 0 ? await lookIntoMainThread() : null;
    } finally {
      Atomics.store(this.#control, CONTROL_SESSION, 0);
    }
  }

  /** A look that is being taken comes to its end, without the inspector if that is not in use. */
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

/** What the thread could not know when it made the report: where it stops, and what time it is. */
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
