// lock --impl oxbow|oxbow-async|node --tasks N --turns N: all tasks compete for the same lock and
// hold it for a turn, so every release passes it to the next.
import { countArgument, cpuNs, implementation, report } from './measure.ts';

const tasks = countArgument('tasks');
const turns = countArgument('turns');
let done = 0;

function finish(before: number): void {
  report((cpuNs() - before) / done, { done, expected: tasks * turns });
}

/** Runs `some(turns)` once as a warm-up and once to measure. */
async function measured(some: (turns: number) => PromiseLike<unknown>): Promise<void> {
  await some(turns / 10);
  done = 0;
  const before = cpuNs();
  await some(turns);
  finish(before);
}

async function onOxbow(): Promise<void> {
  const { createTask, gather, Lock, run } = await import('oxbow');
  const { everyKind } = await import('./kinds.ts');
  await run(everyKind);
  await measured((count) =>
    run(function* () {
      const lock = new Lock();
      function* worker() {
        for (let i = 0; i < count; i++) {
          yield* lock.acquire();
          yield;
          done++;
          lock.release();
        }
      }
      yield* gather(Array.from({ length: tasks }, () => createTask(worker)));
    }),
  );
}

async function onOxbowAsync(): Promise<void> {
  const { createTask, gather, Lock, run, sleep } = await import('oxbow');
  const { everyKind } = await import('./kinds.ts');
  await run(everyKind);
  await measured((count) =>
    run(async () => {
      const lock = new Lock();
      async function worker() {
        for (let i = 0; i < count; i++) {
          await lock.acquire();
          await sleep(0);
          done++;
          lock.release();
        }
      }
      await gather(Array.from({ length: tasks }, () => createTask(worker)));
    }),
  );
}

/** A lock written by hand: a flag and a list of resolvers. */
class PromiseLock {
  #held = false;
  readonly #waiting: Array<() => void> = [];
  #next = 0;

  async acquire(): Promise<void> {
    if (this.#held) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#held = true;
  }

  release(): void {
    if (this.#next < this.#waiting.length) this.#waiting[this.#next++]!();
    else this.#held = false;
  }
}

async function onNode(): Promise<void> {
  await measured(async (count) => {
    const lock = new PromiseLock();
    async function worker() {
      for (let i = 0; i < count; i++) {
        await lock.acquire();
        await null;
        done++;
        lock.release();
      }
    }
    await Promise.all(Array.from({ length: tasks }, () => worker()));
  });
}

await implementation({ oxbow: onOxbow, 'oxbow-async': onOxbowAsync, node: onNode })();
