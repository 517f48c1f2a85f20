/**
 * Async generators that are still suspended at a `yield` when a run ends: they are closed, so that
 * their `finally` blocks run.
 *
 * Python notifies the loop of every async generator that starts (`sys.set_asyncgen_hooks`).
 * JavaScript has nothing like it, so while a loop runs, `next` of the prototype that all async
 * generators share is replaced by one that records which generators start inside a loop, and then
 * calls the original. There is no other way, since generators are created by syntax. Consequences:
 *
 * - It costs a lookup in a WeakMap at each `next()`: up to 15 % of a `for await` over a generator
 *   that does nothing else, measured on Node 20; less on 24. `asyncgenHooks: false`, an option of
 *   `run`, turns it off.
 * - It is removed when the last running loop ends, unless other code has wrapped it meanwhile; then
 *   it stays in place below that and does nothing.
 * - Where intrinsics are frozen (`--frozen-intrinsics`) there is no hook and nothing is closed; the
 *   same goes for generators of another realm (`node:vm`).
 * - A generator that started while no loop ran, and continues inside a loop, counts as started
 * there.
 * - Generators are held weakly. One that is garbage collected is never closed; JavaScript has no
 *   way to do that.
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

/** Seconds that a generator which is executing at the end gets to reach its next `yield`. */
const GRACE = 0.1;

/** What is kept about a generator that started in a loop. */
interface Entry {
  readonly generator: WeakRef<Generator>;
  /** What its last `next()` returned; pending while the generator is executing. */
  last: Promise<unknown> | null;
}

/** The generators seen by the hook; null for one that started outside any loop. */
const begun = new WeakMap<object, Entry | null>();
let watching = 0;
let hooked = false;

const hook: Step = {
  // One parameter, so that `length` is that of the original.
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
  // Our hook calls whatever method is there; a getter cannot be called that way.
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
  /** The length at which entries of collected generators are removed. */
  #crowded = 64;
  #shutDown = false;
  #running = false;

  constructor(loop: AbstractEventLoop) {
    this.#loop = loop;
  }

  /** The loop starts or stops running. */
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

  /** Closes the remaining generators, concurrently. */
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

  /** Closes without waiting; their clean-up continues on Node's own loop. */
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
    // A generator that is executing closes at its next yield, which may never come.
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

/** Whether the result of `next()` is still pending; `race` prefers the first if both settled. */
async function isBusy(last: Promise<unknown> | null): Promise<boolean> {
  if (last === null) return false;
  try {
    return (await Promise.race([last, BUSY])) === true;
  } catch {
    return false;
  }
}
