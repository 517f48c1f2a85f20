/**
 * A random tree of tasks: what one round of the soak runs.
 *
 * Every node picks something to do (wait, gather, a group, a scope, a lock, a queue…) with children
 * of its own, in either lane, while others of the tree are cancelled at random. What is done is
 * decided by the seed; which of two things comes first may depend on the clock, so the rules that
 * must hold afterwards (`check`) are about what is left, not about what came out.
 */
import {
  Barrier,
  Condition,
  Event,
  Lock,
  Queue,
  QueueEmpty,
  QueueFull,
  Semaphore,
  allTasks,
  createTask,
  currentTask,
} from 'oxbow';
import type { Coro, Coroutine, Task, TaskOptions } from 'oxbow';

import { Chance } from '../process/robust-random.ts';

/** A failure that a node makes on purpose. */
export class Planned extends Error {
  override name = 'Planned';
}

/** How deep a tree gets; each level has up to four children. */
const DEPTH = 6;
/** Nodes of one round, so that no seed makes a round that does not end. */
const NODES_MAX = 400;

export interface GroveOptions {
  seed: number;
  /** The longest single sleep, in seconds. */
  longest: number;
  /** What became of all tasks of all rounds. */
  counts: { tasks: number; cancelled: number; failed: number; done: number };
}

type Create = (node: Coroutine<unknown>, options: TaskOptions) => Task<unknown>;

/** The tools that all nodes of a tree share, and the counts that must come out right. */
export class Grove {
  readonly chance: Chance;
  readonly longest: number;
  readonly counts: GroveOptions['counts'];
  readonly lock = new Lock();
  readonly semaphore = new Semaphore(2);
  readonly condition = new Condition();
  readonly event = new Event();
  readonly barrier = new Barrier(2);
  readonly queue = new Queue<number>(3);
  nodes = 0;
  put = 0;
  taken = 0;

  constructor({ seed, longest, counts }: GroveOptions) {
    this.chance = new Chance(seed);
    this.longest = longest;
    this.counts = counts;
  }

  /** Starts a node in a task, which is counted when it is done. */
  spawn(node: Coroutine<unknown>, create: Create = createTask): Task<unknown> {
    const task = create(node, { name: `node-${++this.nodes}`, eagerStart: this.chance.oneIn(6) });
    this.counts.tasks++;
    task.addDoneCallback(() => {
      if (task.cancelled()) this.counts.cancelled++;
      else if (task.exception() !== null) this.counts.failed++;
      else this.counts.done++;
    });
    return task;
  }

  /** Whether there is room for one more node. */
  grows(depth: number): boolean {
    return depth < DEPTH && this.nodes < NODES_MAX;
  }

  /** A short random time. */
  delay(): number {
    return this.chance.oneIn(4) ? 0 : (this.longest * this.chance.below(100)) / 100;
  }

  /** One to four children. */
  children(make: (depth: number) => Coroutine<unknown>, depth: number): Coroutine<unknown>[] {
    return Array.from({ length: 1 + this.chance.below(4) }, () => make(depth + 1));
  }

  /** Cancels somebody, now and then the one who asks. */
  cancelSomebody(): void {
    const tasks = [...allTasks()].filter((task) => task.getName().startsWith('node'));
    if (tasks.length > 0) this.chance.pick(tasks).cancel('soak');
  }

  /** Puts and takes without waiting, as far as that goes. */
  shuffleQueue(): void {
    try {
      if (this.chance.oneIn(2)) {
        this.queue.putNowait(1);
        this.put++;
      } else {
        this.queue.getNowait();
        this.taken++;
      }
    } catch (error) {
      if (!(error instanceof QueueFull) && !(error instanceof QueueEmpty)) throw error;
    }
  }

  /** Lets go whoever waits for somebody that will not come. */
  *release(): Coro<void> {
    this.event.set();
    yield* this.condition.with(
      function* (this: Grove) {
        this.condition.notifyAll();
      }.bind(this),
    );
    if (this.barrier.nWaiting > 0) this.barrier.reset();
  }

  /** What is wrong now that the tree is gone; empty when all is well. */
  check(): string[] {
    const wrong: string[] = [];
    const others = [...allTasks()].filter((task: Task<unknown>) => task !== currentTask());
    if (others.length > 0) wrong.push(`tasks left: ${others.join(', ')}`);
    if (this.lock.locked()) wrong.push('the lock is held');
    if (this.condition.locked()) wrong.push('the condition is held');
    if (this.barrier.nWaiting !== 0) wrong.push(`${this.barrier.nWaiting} wait at the barrier`);
    const free = [0, 1].filter(() => this.takePermit()).length;
    if (free !== 2 || this.takePermit()) wrong.push(`the semaphore has ${free} of 2 permits`);
    const size = this.queue.qsize();
    if (this.put - this.taken !== size) {
      wrong.push(`${this.put} put, ${this.taken} taken, but ${size} in the queue`);
    }
    return wrong;
  }

  /** Takes a permit where that needs no wait. */
  takePermit(): boolean {
    if (this.semaphore.locked()) return false;
    void this.semaphore.acquire();
    return true;
  }
}
