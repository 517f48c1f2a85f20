/**
 * Async generators that are left at a `yield`, so that the end of a run can close them and their
 * `finally` blocks are run.
 *
 * Python tells the loop of every async generator that begins (`sys.set_asyncgen_hooks`). JavaScript
 * has nothing like it, so while a loop runs, `next` of the prototype that all async generators
 * share is replaced by one that notes who begins inside a loop, and then does what it always did.
 * That is the only way: generators are made by syntax. What follows from it:
 *
 * - It costs a look into a WeakMap at each `next()`: up to 15 % of a `for await` over a generator
 *   that does nothing else, measured on Node 20; less on 24. `asyncgenHooks: false`, an option of
 *   `run`, turns it off.
 * - It is taken away with the last loop that runs, but only if nobody has put something of his own
 *   over it; then it stays below that and does nothing.
 * - Where the intrinsics are frozen (`--frozen-intrinsics`) there is no hook and nothing is closed,
 *   and so it is for generators of another realm (`node:vm`).
 * - One that was begun while no loop ran, and goes on inside a loop, counts as begun there.
 * - Generators are held weakly. One that the garbage collector takes is never closed; no JavaScript
 *   could do that.
 */
import { types } from 'node:util';

import type { AbstractEventLoop } from './abstract-event-loop.ts';
import type { Future } from '../future/future.ts';
import { runningLoop } from '../context/running.ts';

type Generator = AsyncGenerator<unknown, unknown, unknown>;
type Step = (this: Generator, value?: unknown) => Promise<IteratorResult<unknown>>;

const prototype: Generator = Object.getPrototypeOf(async function* () {}.prototype);
const original: { next: Step; return: Step } = {
  next: prototype.next as Step,
  return: prototype.return as Step,
};

/** Seconds that a generator which is busy at the end gets to come to its next `yield`. */
const GRACE = 0.1;

/** What is kept of a generator that began in a loop. */
interface Entry {
  readonly generator: WeakRef<Generator>;
  /** What its last `next()` gave; settled unless the generator is busy. */
  last: Promise<unknown> | null;
}

/** Every generator that has begun while the hook was there; null: outside of all loops. */
const begun = new WeakMap<object, Entry | null>();
let watching = 0;
let hooked = false;

const hook: Step = {
  // One parameter, as the original has; how many there are decides nothing.
  next(this: Generator, value: unknown): Promise<IteratorResult<unknown>> {
    if (watching === 0) return original.next.call(this, value);
    let entry = begun.get(this);
    if (entry === undefined) entry = noteBegun(this);
    const step = original.next.call(this, value);
    if (entry !== null) entry.last = step;
    return step;
  },
}.next as Step;

function noteBegun(generator: Generator): Entry | null {
  // `this` may be anything; the original throws for anything but a generator.
  if (!types.isGeneratorObject(generator)) return null;
  const entry = runningLoop<AbstractEventLoop>()?._generators?.add(generator) ?? null;
  begun.set(generator, entry);
  return entry;
}

/** A loop begins to run. */
function watchGenerators(): void {
  if (watching++ !== 0 || (hooked && prototype.next !== (original.next as unknown))) return;
  const found = Object.getOwnPropertyDescriptor(prototype, 'next');
  // Whatever stands there is called by ours; a getter is nothing that can be called.
  if (typeof found?.value !== 'function') return;
  original.next = found.value;
  hooked = Reflect.defineProperty(prototype, 'next', { ...found, value: hook });
}

/** A loop has ended its run. */
function unwatchGenerators(): void {
  if (--watching !== 0 || !hooked || prototype.next !== (hook as unknown)) return;
  hooked = !Reflect.defineProperty(prototype, 'next', {
    value: original.next,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}

/** The generators that began in one loop. */
export class LoopGenerators {
  readonly #loop: AbstractEventLoop;
  #all: Entry[] = [];
  /** How many there may be before those that are gone are looked for. */
  #crowded = 64;
  #shutDown = false;
  #running = false;

  constructor(loop: AbstractEventLoop) {
    this.#loop = loop;
  }

  /** The loop begins to run, or has ended its run. */
  watch(running: boolean): void {
    if (running === this.#running) return;
    this.#running = running;
    if (running) watchGenerators();
    else unwatchGenerators();
  }

  add(generator: Generator): Entry {
    if (this.#shutDown) {
      this.#loop._warn(
        'asynchronous generator <AsyncGenerator> was scheduled after ' +
          'loop.shutdownAsyncgens() call',
      );
    }
    if (this.#all.length >= this.#crowded) {
      this.#all = this.#all.filter((each) => each.generator.deref() !== undefined);
      this.#crowded = Math.max(64, this.#all.length * 2);
    }
    const entry = { generator: new WeakRef(generator), last: null };
    this.#all.push(entry);
    return entry;
  }

  /** Closes those that are left, at the same time. */
  shutdown(): Future<void> {
    const loop = this.#loop;
    this.#shutDown = true;
    const closings = this.#all.flatMap(({ generator, last }) => {
      const left = generator.deref();
      return left === undefined ? [] : [() => this.#close(left, last)];
    });
    this.#all = [];
    if (closings.length > 0) {
      return loop.createTask(async () => {
        await Promise.all(closings.map((close) => close()));
      });
    }
    const nothing = loop.createFuture<void>();
    nothing.setResult();
    return nothing;
  }

  /** Closes without waiting; the rest of it happens when Node's loop goes on. */
  abandon(): void {
    for (const { generator } of this.#all) {
      const left = generator.deref();
      if (left !== undefined) original.return.call(left).catch(() => {});
    }
    this.#all = [];
  }

  async #close(generator: Generator, last: Promise<unknown> | null): Promise<void> {
    const closed = original.return
      .call(generator)
      .catch((exception: unknown) => this.#report(generator, exception));
    // One that is busy closes when it comes to its next yield, which may be never.
    if (await isBusy(last)) await Promise.race([closed, this.#grace()]);
    else await closed;
  }

  #grace(): Promise<void> {
    return new Promise((resolve) => {
      this.#loop.callLater(GRACE, resolve);
    });
  }

  #report(asyncgen: Generator, exception: unknown): void {
    const message = 'an error occurred during closing of asynchronous generator <AsyncGenerator>';
    this.#loop.callExceptionHandler({ message, exception, asyncgen });
  }
}

const BUSY: Promise<boolean> = Promise.resolve(true);

/** Whether what `next()` gave is still pending: of two that are settled the first wins. */
async function isBusy(last: Promise<unknown> | null): Promise<boolean> {
  if (last === null) return false;
  try {
    return (await Promise.race([last, BUSY])) === true;
  } catch {
    return false;
  }
}
