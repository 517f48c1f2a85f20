// child-output --impl oxbow|node --megabytes N: reads all output of a program as it arrives.
import { once } from 'node:events';

import { countArgument, cpuNs, implementation, report } from './measure.ts';

const bytes = countArgument('megabytes') * 1024 * 1024;
const PROGRAM = ['head', '-c', String(bytes), '/dev/zero'] as const;

async function onOxbow(): Promise<void> {
  const { createSubprocessExec, run } = await import('oxbow');
  await run(function* () {
    const before = cpuNs();
    const child = yield* createSubprocessExec(...PROGRAM, { stdout: 'pipe' });
    let done = 0;
    for (let data; (data = yield* child.stdout!.read(1024 * 1024)).length > 0;) done += data.length;
    yield* child.wait();
    report((cpuNs() - before) / 1e6, { done, expected: bytes });
  });
}

async function onNode(): Promise<void> {
  const { spawn } = await import('node:child_process');
  const before = cpuNs();
  const [program, ...args] = PROGRAM;
  const child = spawn(program, args, { stdio: ['inherit', 'pipe', 'inherit'] });
  let done = 0;
  child.stdout.on('data', (data: Buffer) => (done += data.length));
  await once(child, 'close');
  report((cpuNs() - before) / 1e6, { done, expected: bytes });
}

await implementation({ oxbow: onOxbow, node: onNode })();
