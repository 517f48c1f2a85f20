// await-done --impl oxbow|node --count N: repeatedly awaits something that is already done.
import { countArgument, cpuNs, implementation, report } from './measure.ts';

const count = countArgument('count');

function finish(before: number, sum: number): void {
  report((cpuNs() - before) / count, { done: sum, expected: count });
}

async function onOxbow(): Promise<void> {
  const { getRunningLoop, run } = await import('oxbow');
  await run(function* () {
    const done = getRunningLoop().createFuture<number>();
    done.setResult(1);
    function* work(times: number) {
      let sum = 0;
      for (let i = 0; i < times; i++) sum += yield* done;
      return sum;
    }
    yield* work(Math.ceil(count / 10));
    const before = cpuNs();
    finish(before, yield* work(count));
  });
}

async function onNode(): Promise<void> {
  const done = Promise.resolve(1);
  async function work(times: number): Promise<number> {
    let sum = 0;
    for (let i = 0; i < times; i++) sum += await done;
    return sum;
  }
  await work(Math.ceil(count / 10));
  const before = cpuNs();
  finish(before, await work(count));
}

await implementation({ oxbow: onOxbow, node: onNode })();
