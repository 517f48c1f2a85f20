// Errors that nobody has looked at, in processes and threads that end without closing the loop.
import { runChild } from './core-child.ts';

const LOST = `
  import { createTask, newEventLoop, run, sleep } from 'oxbow';
  function* lost() { throw new Error('nobody hears of this'); }`;

const ENDS: Record<string, string> = {
  'run ends': 'await run(function* () { createTask(lost()); yield* sleep(0); });',
  'a loop that is never closed': `const loop = newEventLoop(); loop.createTask(lost());
    await loop.runUntilComplete(sleep.bind(null, '1ms'));`,
  'process.exit': 'run(function* () { createTask(lost()); yield* sleep(0); process.exit(0); });',
  'process.exit in an async function':
    'run(async () => { createTask(lost()); await sleep("1ms"); process.exit(0); });',
  'a loop that goes on while nothing keeps the process alive': `const loop = newEventLoop();
    loop.createTask(lost()); loop.runForever();
    loop.callSoon(() => loop.callSoon(() => setTimeout(() => process.exit(0), 0)));`,
};

test.each(Object.entries(ENDS))('%s', async (_name, body) => {
  const ended = await runChild(`${LOST}\n${body}`);
  expect(ended.stderr).toMatch(/^Task exception was never retrieved\n/);
  expect(ended.stderr.match(/Error: nobody hears of this/g)!.length).toBe(2);
  expect(ended.code).toBe(0);
});

test('an error that ends the process does not hide them', async () => {
  const ended = await runChild(`${LOST}
    run(function* () {
      createTask(lost());
      yield* sleep(0);
      setTimeout(() => { throw new Error('fatal'); }, 0);
      yield* sleep('1h');
    });`);
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain('Error: fatal');
  expect(ended.stderr).toContain('Task exception was never retrieved');
});

test('in a worker, which ends by itself or by process.exit', async () => {
  for (const end of ['', 'process.exit(0);']) {
    const ended = await runChild(`
      import { Worker } from 'node:worker_threads';
      const source = \`${LOST}
        const loop = newEventLoop(); loop.createTask(lost());
        loop.runUntilComplete(function* () { yield* sleep('1ms'); }).then(() => { ${end} });\`;
      new Worker(new URL('data:text/javascript,' + encodeURIComponent(source.replaceAll(
        "'oxbow'", JSON.stringify(import.meta.resolve('oxbow'))))));`);
    expect(ended.stderr).toMatch(/^Task exception was never retrieved\n/);
    expect(ended.code).toBe(0);
  }
});

test("unhandled: 'throw' ends the program with exit code 1", async () => {
  const ended = await runChild(`${LOST}
    await run(function* () { createTask(lost()); yield* sleep(0); }, { unhandled: 'throw' });`);
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain('Error: nobody hears of this');
  expect(ended.stderr).not.toContain('never retrieved');
});
