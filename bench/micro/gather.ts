// gather --impl oxbow|node --tasks N --times N --waits N: creates tasks that yield to the others
// `waits` times and return a number, and gathers the numbers.
import { countArgument, cpuNs, implementation, report } from './measure.ts';

const tasks = countArgument('tasks');
const times = countArgument('times');
const waits = countArgument('waits');

const sumOf = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0);

function finish(before: number, sum: number): void {
  report((cpuNs() - before) / (tasks * times), { done: sum, expected: tasks * times });
}

async function onOxbow(): Promise<void> {
  const { createTask, gather, run } = await import('oxbow');
  function* child() {
    for (let i = 0; i < waits; i++) yield;
    return 1;
  }
  function* once() {
    return sumOf(yield* gather(Array.from({ length: tasks }, () => createTask(child()))));
  }
  await run(function* () {
    yield* once();
    const before = cpuNs();
    let sum = 0;
    for (let i = 0; i < times; i++) sum += yield* once();
    finish(before, sum);
  });
}

async function onNode(): Promise<void> {
  async function child(): Promise<number> {
    for (let i = 0; i < waits; i++) await null;
    return 1;
  }
  const once = async () => sumOf(await Promise.all(Array.from({ length: tasks }, () => child())));
  await once();
  const before = cpuNs();
  let sum = 0;
  for (let i = 0; i < times; i++) sum += await once();
  finish(before, sum);
}

await implementation({ oxbow: onOxbow, node: onNode })();
