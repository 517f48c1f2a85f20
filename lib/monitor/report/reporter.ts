/**
 * The side of a thread whose loops are looked at: it answers what the monitor asks, and writes the
 * heartbeat. All threads of the process hear the monitor on one BroadcastChannel, so that loops of
 * worker threads are found without the program's help.
 */
import type { BroadcastChannel, MessagePort, Worker } from 'node:worker_threads';

import type { AbstractEventLoop } from '../../core/loop/abstract-event-loop.ts';
import { EventLoop } from '../../core/loop/event-loop.ts';
import { liveLoops, onLoopMade } from '../../core/loop/live-loops.ts';
import { addObserver } from '../../core/observe/observe.ts';
import { workerThreads } from '../../core/support/worker-threads.ts';
import { postsOf } from '../../threads/share/loop-posts.ts';
import { ANSWERS, ASKS, SNAPSHOT_HOOK } from '../asks-and-answers.ts';
import type { Answer, Ask, Gone, Hello } from '../asks-and-answers.ts';
import { SharedState } from '../server/shared.ts';
import { takeSnapshot } from './snapshot.ts';
import { LoopObserver } from './loop-observer.ts';

/** More loops than that are not woken one by one. */
const INBOXES_MAX = 64;

/** How long a thread that is stuck anyway is held for a snapshot. */
const PAUSED_SECONDS = 0.1;

export class Reporter {
  readonly shared: SharedState = new SharedState();
  readonly #asks: BroadcastChannel = new (workerThreads().BroadcastChannel)(ASKS);
  readonly #observer: LoopObserver = new LoopObserver(this.shared, () => this.#takeAsks());
  /** By loop, without keeping it. */
  readonly #unwatch: WeakMap<AbstractEventLoop, () => void> = new WeakMap();

  constructor() {
    this.#asks.onmessage = (event: unknown) => this.#hear((event as { data: unknown }).data);
    // It must not keep a program alive that has nothing else to do.
    (this.#asks as unknown as { unref(): void }).unref();
    Object.defineProperty(globalThis, Symbol.for(SNAPSHOT_HOOK), {
      value: (frames: unknown) => this.#report(true, frames === true, PAUSED_SECONDS),
      configurable: true,
    });
    for (const loop of liveLoops()) this.#follow(loop);
    onLoopMade((loop) => {
      this.#follow(loop);
      this.#hello();
    });
    process.on('worker', this.#workerMade);
    process.on('exit', this.#bye);
    this.shared.debugged = hasDebugger();
    this.#hello();
  }

  #follow(loop: AbstractEventLoop): void {
    this.#unwatch.set(loop, addObserver(loop, this.#observer));
  }

  /** Inboxes of the loops that may own the thread some day. */
  inboxes(): number[] {
    // Simulated time must not depend on the outside world.
    return liveLoops()
      .slice(-INBOXES_MAX)
      .filter((loop) => loop instanceof EventLoop && loop._engine.followsSystemTime)
      .map((loop) => postsOf(loop as EventLoop).inbox);
  }

  /** A worker that is terminated cannot say so itself. */
  readonly #workerMade = (worker: Worker): void => {
    const { threadId: thread } = worker;
    worker.once('exit', () => tell({ kind: 'gone', thread }));
  };

  readonly #bye = (): void => {
    const { isMainThread, threadId } = workerThreads();
    if (!isMainThread) tell({ kind: 'gone', thread: threadId });
  };

  /** Tells the monitor, if there is one already, that this thread has loops. */
  #hello(): void {
    const { threadId } = workerThreads();
    tell({
      kind: 'hello',
      thread: threadId,
      shared: this.shared.buffer,
      inboxes: this.inboxes(),
    });
  }

  #hear(message: unknown): void {
    // The program may use a channel of the same name; what is not from the monitor is not for us.
    const { kind, id, tasks, limit } = (message ?? {}) as Partial<Record<keyof Ask, unknown>>;
    if (kind === 'who') this.#hello();
    if (kind !== 'ask' || typeof id !== 'number' || typeof limit !== 'number') return;
    this.shared.debugged = hasDebugger();
    const report = this.#report(tasks === true, true, limit);
    tell({ kind: 'answer', thread: workerThreads().threadId, id, tasks: tasks === true, report });
  }

  /** Asks that came while the loop owned the thread, when no message is delivered. */
  #takeAsks(): void {
    for (let took = take(this.#asks); took !== undefined; took = take(this.#asks)) {
      this.#hear(took.message);
    }
  }

  /** As text, which is cheaper to hand over, and can be read out of a thread that is paused. */
  #report(tasks: boolean, frames: boolean, limit: number): string {
    return JSON.stringify(takeSnapshot({ slowest: this.#observer.slowest, tasks, frames, limit }));
  }

  close(): void {
    onLoopMade(null);
    process.removeListener('worker', this.#workerMade);
    process.removeListener('exit', this.#bye);
    for (const loop of liveLoops()) this.#unwatch.get(loop)?.();
    this.#asks.close();
    Reflect.deleteProperty(globalThis, Symbol.for(SNAPSHOT_HOOK));
  }
}

function take(channel: BroadcastChannel): { message: unknown } | undefined {
  return workerThreads().receiveMessageOnPort(channel as unknown as MessagePort);
}

/** On a channel that is open only now: a thread would also be sent the answers of the others. */
function tell(message: Answer | Gone | Hello): void {
  const channel = new (workerThreads().BroadcastChannel)(ANSWERS);
  try {
    channel.postMessage(message);
  } finally {
    channel.close();
  }
}

/** Whether Node's inspector is open, so that a debugger may be attached, or about to be. */
function hasDebugger(): boolean {
  try {
    return process.getBuiltinModule('node:inspector').url() !== undefined;
  } catch {
    // A Node that was built without an inspector.
    return false;
  }
}
