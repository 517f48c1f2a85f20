// startup --impl oxbow|node: loads what a TCP server needs, waits one turn, and reports the CPU
// used since the start of the process, including Node's own start.
import { cpuNs, implementation, report } from './measure.ts';

let turns = 0;

async function onOxbow(): Promise<void> {
  const { run } = await import('oxbow');
  await run(function* () {
    yield;
    turns++;
  });
}

async function onNode(): Promise<void> {
  await import('node:net');
  await new Promise((resolve) => setImmediate(resolve));
  turns++;
}

await implementation({ oxbow: onOxbow, node: onNode })();
report(cpuNs() / 1e6, { done: turns, expected: 1 });
