// task-switch --impl oxbow|node --tasks N --turns N: tasks that only yield to each other.
import { countArgument, cpuNs, implementation, report } from './measure.ts';

const tasks = countArgument('tasks');
const turns = countArgument('turns');
let switches = 0;

function finish(before: number): void {
  report((cpuNs() - before) / switches, { done: switches, expected: tasks * turns });
}

async function onOxbow(): Promise<void> {
  const { createTask, gather, run } = await import('oxbow');
  function* worker(count: number) {
    for (let i = 0; i < count; i++) {
      yield;
      switches++;
    }
  }
  const start = (count: number) => Array.from({ length: tasks }, () => createTask(worker(count)));
  await run(function* () {
    yield* gather(start(Math.ceil(turns / 10)));
    switches = 0;
    const before = cpuNs();
    yield* gather(start(turns));
    finish(before);
  });
}

async function onNode(): Promise<void> {
  async function worker(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      await null;
      switches++;
    }
  }
  const start = (count: number) => Array.from({ length: tasks }, () => worker(count));
  await Promise.all(start(Math.ceil(turns / 10)));
  switches = 0;
  const before = cpuNs();
  await Promise.all(start(turns));
  finish(before);
}

await implementation({ oxbow: onOxbow, node: onNode })();
