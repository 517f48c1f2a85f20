/**
 * The reporting side, in each thread that has loops: answers the monitor's questions and publishes
 * the heartbeat. All threads of the process listen to the monitor on one BroadcastChannel, so loops
 * of worker threads are found without help from the program.
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

/** The most loops that are woken; of more, the newest. */
const INBOXES_MAX = 64;

/** How long a snapshot may take in a thread that is paused by the inspector, in seconds. */
const PAUSED_SECONDS = 0.1;

export class Reporter {
  readonly shared: SharedState = new SharedState();
  readonly #asks: BroadcastChannel = new (workerThreads().BroadcastChannel)(ASKS);
  readonly #observer: LoopObserver = new LoopObserver(this.shared, () => this.#takeAsks());
  /** Functions that end the observation of a loop; weak, so that loops can be collected. */
  readonly #unwatch: WeakMap<AbstractEventLoop, () => void> = new WeakMap();

  constructor() {
    this.#asks.onmessage = (event: unknown) => this.#hear((event as { data: unknown }).data);
    // The channel must not keep the process alive.
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

  /** Inboxes of the loops that may one day own the thread (`runSync`). */
  inboxes(): number[] {
    // Loops with simulated time are left out: they must not depend on the outside world.
    return liveLoops()
      .slice(-INBOXES_MAX)
      .filter((loop) => loop instanceof EventLoop && loop._engine.followsSystemTime)
      .map((loop) => postsOf(loop as EventLoop).inbox);
  }

  /** Reported by the parent: a worker that is terminated cannot report it itself. */
  readonly #workerMade = (worker: Worker): void => {
    const { threadId: thread } = worker;
    worker.once('exit', () => tell({ kind: 'gone', thread }));
  };

  readonly #bye = (): void => {
    const { isMainThread, threadId } = workerThreads();
    if (!isMainThread) tell({ kind: 'gone', thread: threadId });
  };

  /** Tells the monitor, if one is running, that this thread has loops. */
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
    // The program may use a channel of the same name, so messages of another shape are ignored.
    const { kind, id, tasks, limit } = (message ?? {}) as Partial<Record<keyof Ask, unknown>>;
    if (kind === 'who') this.#hello();
    if (kind !== 'ask' || typeof id !== 'number' || typeof limit !== 'number') return;
    this.shared.debugged = hasDebugger();
    const report = this.#report(tasks === true, true, limit);
    tell({ kind: 'answer', thread: workerThreads().threadId, id, tasks: tasks === true, report });
  }

  /**
   * Handles questions that arrived while the loop owned the thread, when Node delivers no messages.
   */
  #takeAsks(): void {
    for (let took = take(this.#asks); took !== undefined; took = take(this.#asks)) {
      this.#hear(took.message);
    }
  }

  /** As JSON, which is cheaper to transfer, and can be read out of a paused thread. */
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

/**
 * Opens the channel only for the sending: a thread that kept it open would receive the answers of
 * the other threads, too.
 */
function tell(message: Answer | Gone | Hello): void {
  const channel = new (workerThreads().BroadcastChannel)(ANSWERS);
  try {
    channel.postMessage(message);
  } finally {
    channel.close();
  }
}

/** Whether Node's inspector is listening: a debugger may be attached, or about to be. */
function hasDebugger(): boolean {
  try {
    return process.getBuiltinModule('node:inspector').url() !== undefined;
  } catch {
    // This Node was built without an inspector.
    return false;
  }
}
