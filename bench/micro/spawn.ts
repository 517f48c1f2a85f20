// spawn --impl oxbow|node --megabytes N --count N: starts programs while so much memory is
// resident. The figure is the median time for which the call blocks.
import { once } from 'node:events';

import { countArgument, implementation, report } from './measure.ts';

const megabytes = countArgument('megabytes');
const count = countArgument('count');

/** Filled, so that the memory is resident. */
const resident = Array.from({ length: megabytes }, () => Buffer.alloc(1024 * 1024, 1));

function middle(times: number[]): number {
  return times.sort((a, b) => a - b)[times.length >> 1]! * 1000;
}

async function onOxbow(): Promise<void> {
  const { createSubprocessExec, getRunningLoop, run } = await import('oxbow');
  await run(function* () {
    const loop = getRunningLoop();
    const times: number[] = [];
    let done = 0;
    for (let n = 0; n < count; n++) {
      // The longest time that the loop is held up until the program runs: that is the call.
      let longest = 0;
      let last = performance.now();
      const starting = createSubprocessExec('true');
      const look = (): void => {
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
        if (!starting.done()) loop.callSoon(look);
      };
      look();
      const child = yield* starting;
      look();
      times.push(longest);
      if ((yield* child.wait()) === 0) done++;
    }
    report(middle(times), { done, expected: count }, { megabytes: resident.length });
  });
}

async function onNode(): Promise<void> {
  const { spawn } = await import('node:child_process');
  const times: number[] = [];
  let done = 0;
  for (let n = 0; n < count; n++) {
    const before = performance.now();
    const child = spawn('true', { stdio: 'inherit' });
    times.push(performance.now() - before);
    if ((await once(child, 'exit'))[0] === 0) done++;
  }
  report(middle(times), { done, expected: count }, { megabytes: resident.length });
}

await implementation({ oxbow: onOxbow, node: onNode })();
