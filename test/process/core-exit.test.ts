// Ends in the middle of things: exit, terminate, errors that nobody awaits.
import { runChild } from './core-child.ts';

test('process.exit in the middle of a turn', async () => {
  const ended = await runChild(`
    import { getRunningLoop, run, sleep } from 'oxbow';
    await run(function* () {
      const loop = getRunningLoop();
      for (let n = 0; n < 1000; n++) { loop.callLater(n, () => {}); loop.callSoon(() => {}); }
      loop.callSoon(() => process.exit(7));
      yield* sleep('1h');
    });`);
  expect([ended.code, ended.stderr]).toEqual([7, '']);
});

test("process.exit from an async function and from Node's timer", async () => {
  for (const body of [
    'await run(async () => { await sleep("1ms"); process.exit(8); });',
    'setTimeout(() => process.exit(8), 5); await run(() => sleep("1h"));',
  ]) {
    const ended = await runChild(`import { run, sleep } from 'oxbow'; ${body}`);
    expect([ended.code, ended.stderr]).toEqual([8, '']);
  }
});

test('worker.terminate while loops are at work, and workers that end by themselves', async () => {
  const ended = await runChild(`
    import { Worker } from 'node:worker_threads';
    const source = \`
      import { parentPort } from 'node:worker_threads';
      import { gather, getRunningLoop, run, sleep } from 'oxbow';
      run(function* () {
        const loop = getRunningLoop();
        const again = () => { loop.callSoon(again); };
        again();
        for (let n = 0; n < 100; n++) loop.callLater(n / 1000, () => {});
        parentPort.postMessage('up');
        yield* sleep('1h');
      });\`;
    for (let round = 0; round < 5; round++) {
      const workers = [1, 2].map(() =>
        new Worker(new URL('data:text/javascript,' + encodeURIComponent(source.replaceAll(
          "'oxbow'", JSON.stringify(import.meta.resolve('oxbow'))))), {}));
      await Promise.all(workers.map((worker) =>
        new Promise((resolve) => worker.once('message', resolve))));
      const codes = await Promise.all(workers.map((worker) => worker.terminate()));
      if (codes.some((code) => code !== 1)) throw new Error('codes ' + codes);
    }
    const source2 = source.replace("yield* sleep('1h')", "yield* sleep('5ms'); process.exit(3)");
    const worker = new Worker(new URL('data:text/javascript,' + encodeURIComponent(
      source2.replaceAll("'oxbow'", JSON.stringify(import.meta.resolve('oxbow'))))));
    console.log(await new Promise((resolve) => worker.once('exit', resolve)));`);
  expect(ended).toEqual({ code: 0, signal: null, stdout: '3\n', stderr: '' });
});

test('errors in callbacks and tasks that nobody awaits are reported and not fatal', async () => {
  const ended = await runChild(
    `
    import { createTask, getRunningLoop, run, sleep } from 'oxbow';
    await run(function* () {
      const loop = getRunningLoop();
      loop.callSoon(() => { throw new Error('in a callback'); });
      loop.callLater('1ms', () => { throw new Error('in a timer'); });
      createTask(async () => { throw new Error('in an async task'); });
      createTask(function* () { throw new Error('in a task'); });
      loop.createFuture().setException(new Error('in a future'));
      yield* sleep('10ms');
      // Nobody holds the failed ones any more.
      for (let round = 0; round < 20; round++) {
        global.gc();
        yield* sleep('1ms');
      }
      console.log('went on');
    });`,
    undefined,
    ['--expose-gc'],
  );
  expect([ended.code, ended.stdout]).toEqual([0, 'went on\n']);
  expect(ended.stderr).toMatch(/Exception in callback <anonymous>\(\)/);
  expect(ended.stderr).toMatch(/in a callback/);
  expect(ended.stderr).toMatch(/in a timer/);
  expect(ended.stderr).toMatch(/Task exception was never retrieved/);
  for (const text of ['in an async task', 'in a task', 'in a future']) {
    expect(ended.stderr).toContain(text);
  }
});

test('loops that were never closed do not hold or crash the process', async () => {
  const ended = await runChild(
    `
    import { newEventLoop } from 'oxbow';
    for (let n = 0; n < 50; n++) newEventLoop().callLater(1, () => {});
    global.gc();
    const loop = newEventLoop({ driver: 'virtual' });
    loop.callSoon(() => {});
    console.log('made');`,
    undefined,
    ['--expose-gc'],
  );
  expect(ended).toEqual({ code: 0, signal: null, stdout: 'made\n', stderr: '' });
});

test('what a listener of a signal throws is uncaught, and the loop goes on', async () => {
  const ended = await runChild(`
    import { createTask, currentTask, getRunningLoop, run, sleep } from 'oxbow';
    process.on('uncaughtException', ({ name, message }) => console.log(name, '-', message));
    await run(function* () {
      const loop = getRunningLoop();
      const own = new AbortController();
      own.signal.addEventListener('abort', () => loop.close());
      own.abort();
      const task = createTask(function* () {
        currentTask().signal.addEventListener('abort', () => { throw new Error('listener'); });
        yield* sleep('1h');
      });
      yield* sleep(0);
      task.cancel();
      yield* sleep(0);
      yield* sleep(0);
      console.log(task.cancelled());
    });`);
  expect(ended).toEqual({
    code: 0,
    signal: null,
    stderr: '',
    stdout: 'RuntimeError - Cannot close a running event loop\nError - listener\ntrue\n',
  });
});
