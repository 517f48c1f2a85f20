// task --impl oxbow|oxbow-async|node --tasks N: creates one task after the other, which waits once,
// and awaits it.
import { countArgument, cpuNs, implementation, report } from './measure.ts';

const tasks = countArgument('tasks');

function finish(before: number, done: number): void {
  report((cpuNs() - before) / tasks, { done, expected: tasks });
}

async function onOxbow(): Promise<void> {
  const { createTask, run } = await import('oxbow');
  function* child() {
    yield;
    return 1;
  }
  function* some(count: number) {
    let done = 0;
    for (let i = 0; i < count; i++) done += yield* createTask(child());
    return done;
  }
  const { everyKind } = await import('./kinds.ts');
  await run(function* () {
    yield* everyKind();
    yield* some(tasks / 10);
    const before = cpuNs();
    finish(before, yield* some(tasks));
  });
}

async function onOxbowAsync(): Promise<void> {
  const { createTask, run, sleep } = await import('oxbow');
  async function child() {
    await sleep(0);
    return 1;
  }
  async function some(count: number) {
    let done = 0;
    for (let i = 0; i < count; i++) done += await createTask(child);
    return done;
  }
  const { everyKind } = await import('./kinds.ts');
  await run(async () => {
    await createTask(everyKind);
    await some(tasks / 10);
    const before = cpuNs();
    finish(before, await some(tasks));
  });
}

async function onNode(): Promise<void> {
  async function child(): Promise<number> {
    await null;
    return 1;
  }
  async function some(count: number) {
    let done = 0;
    for (let i = 0; i < count; i++) done += await child();
    return done;
  }
  await some(tasks / 10);
  const before = cpuNs();
  finish(before, await some(tasks));
}

await implementation({ oxbow: onOxbow, 'oxbow-async': onOxbowAsync, node: onNode })();
