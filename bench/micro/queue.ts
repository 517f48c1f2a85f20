// queue --impl oxbow|oxbow-async|node --items N --size N: a producer and a consumer with a bounded
// queue.
import { countArgument, cpuNs, implementation, report } from './measure.ts';

const items = countArgument('items');
const size = countArgument('size');

async function measured(some: (items: number) => PromiseLike<number>): Promise<void> {
  await some(items / 10);
  const before = cpuNs();
  const done = await some(items);
  report((cpuNs() - before) / items, { done, expected: items });
}

async function onOxbow(): Promise<void> {
  const { createTask, Queue, run } = await import('oxbow');
  const { everyKind } = await import('./kinds.ts');
  await run(everyKind);
  await measured((count) =>
    run(function* () {
      const queue = new Queue<number>(size);
      const producer = createTask(function* () {
        for (let i = 0; i < count; i++) yield* queue.put(i);
      });
      let taken = 0;
      for (let i = 0; i < count; i++) {
        yield* queue.get();
        taken++;
      }
      yield* producer;
      return taken;
    }),
  );
}

async function onOxbowAsync(): Promise<void> {
  const { createTask, Queue, run } = await import('oxbow');
  const { everyKind } = await import('./kinds.ts');
  await run(everyKind);
  await measured((count) =>
    run(async () => {
      const queue = new Queue<number>(size);
      const producer = createTask(async () => {
        for (let i = 0; i < count; i++) await queue.put(i);
      });
      let taken = 0;
      for (let i = 0; i < count; i++) {
        await queue.get();
        taken++;
      }
      await producer;
      return taken;
    }),
  );
}

/** A queue written by hand: an array, and resolvers of those who wait for items or for room. */
class PromiseQueue {
  readonly #items: number[] = [];
  #wakeGetter: (() => void) | null = null;
  #wakePutter: (() => void) | null = null;

  async put(item: number): Promise<void> {
    while (this.#items.length >= size) {
      await new Promise<void>((resolve) => {
        this.#wakePutter = resolve;
      });
    }
    this.#items.push(item);
    this.#wakeGetter?.();
    this.#wakeGetter = null;
  }

  async get(): Promise<number> {
    while (this.#items.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wakeGetter = resolve;
      });
    }
    const item = this.#items.shift()!;
    this.#wakePutter?.();
    this.#wakePutter = null;
    return item;
  }
}

async function onNode(): Promise<void> {
  await measured(async (count) => {
    const queue = new PromiseQueue();
    const producing = (async () => {
      for (let i = 0; i < count; i++) await queue.put(i);
    })();
    let taken = 0;
    for (let i = 0; i < count; i++) {
      await queue.get();
      taken++;
    }
    await producing;
    return taken;
  });
}

await implementation({ oxbow: onOxbow, 'oxbow-async': onOxbowAsync, node: onNode })();
