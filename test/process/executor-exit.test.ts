// Threads of executors and the life of the process.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { runChild } from './core-child.ts';
import type { Ended } from './core-child.ts';

const fine = (stdout: string): Ended => ({ code: 0, signal: null, stdout, stderr: '' });

test('a program without executors does not load piscina', async () => {
  const ended = await runChild(`
    import { createRequire } from 'node:module';
    import { getRunningLoop, run, sleep, toThread, ThreadPoolExecutor } from 'oxbow';
    const loaded = () => Object.keys(createRequire(import.meta.url).cache)
      .some((path) => path.includes('piscina'));
    await run(function* () {
      new ThreadPoolExecutor();
      yield* sleep(0);
      yield* getRunningLoop().shutdownDefaultExecutor();
    });
    console.log(loaded());
    await run(() => toThread(() => 1));
    console.log(loaded());`);
  expect(ended).toEqual(fine('false\ntrue\n'));
});

test('idle threads do not keep the process alive, whoever forgot to shut them down', async () => {
  const ended = await runChild(`
    import { EventLoop, ThreadPoolExecutor, toThread } from 'oxbow';
    const threads = new ThreadPoolExecutor({ idleTimeout: Infinity });
    console.log(await threads.submit((n) => n, [1]));
    const loop = new EventLoop();
    console.log(await loop.runUntilComplete(() => toThread(() => 2)));`);
  expect(ended).toEqual(fine('1\n2\n'));
});

test('what work prints comes out before its result, and before the end', async () => {
  const ended = await runChild(`
    import { run, toThread } from 'oxbow';
    await run(function* () {
      yield* toThread(() => { console.log('from the thread'); });
      console.log('after it');
    });`);
  expect(ended).toEqual(fine('from the thread\nafter it\n'));
});

test('run waits at its end for work that nobody awaits', async () => {
  const ended = await runChild(`
    import { run, toThread } from 'oxbow';
    const numbers = new Int32Array(new SharedArrayBuffer(8));
    await run(function* () {
      toThread((shared) => {
        Atomics.wait(shared, 0, 0, 50);
        Atomics.store(shared, 1, 1);
      }, numbers);
    });
    console.log('work done:', numbers[1]);`);
  expect(ended).toEqual(fine('work done: 1\n'));
});

test("close without a runner does not wait, but the process does, as asyncio's", async () => {
  const ended = await runChild(`
    import { EventLoop } from 'oxbow';
    const loop = new EventLoop();
    const numbers = new Int32Array(new SharedArrayBuffer(8));
    loop.runInExecutor(null, (shared) => {
      Atomics.wait(shared, 0, 0);
      console.log('work done');
    }, numbers);
    await loop.runUntilComplete(function* () { yield; });
    loop.close();
    console.log('closed');
    setTimeout(() => { Atomics.store(numbers, 0, 1); Atomics.notify(numbers, 0); }, 10);`);
  expect(ended).toEqual(fine('closed\nwork done\n'));
});

test('an endless job: shutdownDefaultExecutor warns, and the process ends', async () => {
  const ended = await runChild(
    `
    import { getRunningLoop, run, toThread } from 'oxbow';
    process.on('warning', ({ name, message }) => console.log(name, message));
    await run(function* () {
      toThread(() => { for (;;); }).addDoneCallback((future) => future.exception());
      yield* getRunningLoop().shutdownDefaultExecutor('50ms');
      console.log('goes on');
    });`,
    undefined,
    ['--no-warnings'],
  );
  expect(ended).toEqual(
    fine(
      'OxbowWarning the default executor has not ended its work within ' +
        '0.05 seconds\ngoes on\n',
    ),
  );
});

test('threads that cannot start fail the work instead of keeping it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'oxbow-'));
  try {
    for (const [text, cause] of [
      ['throw new Error("no threads here")', 'no threads here'],
      ['process.exit(7)', undefined],
    ] as const) {
      const preload = join(folder, `preload-${cause === undefined}.mjs`);
      writeFileSync(
        preload,
        `import { isMainThread } from 'node:worker_threads';
        if (!isMainThread) ${text};`,
      );
      const ended = await runChild(
        `
        import { gather, run, toThread } from 'oxbow';
        const errors = await run(() => gather([1, 2, 3].map((n) => toThread((m) => m, n)),
          { returnExceptions: true }));
        for (const { name, cause } of errors) console.log(name, cause?.message);`,
        undefined,
        ['--import', pathToFileURL(preload).href],
      );
      expect(ended.stdout).toBe(`RuntimeError ${cause}\n`.repeat(3));
      expect(ended.code).toBe(0);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('in a worker: work in threads of its own, and runSync is a DeadlockError', async () => {
  const ended = await runChild(`
    import { Worker } from 'node:worker_threads';
    const worker = new Worker(\`
      import('oxbow').then(async ({ run, runSync, toThread }) => {
        console.log(await run(() => toThread((n) => n + 1, 1)));
        try { runSync(function* () { yield* toThread(() => 1); }); }
        catch (error) { console.log(error.name); }
      });\`, { eval: true });
    worker.on('exit', (code) => console.log('exit', code));`);
  expect([ended.code, ended.stdout]).toEqual([0, '2\nDeadlockError\nexit 0\n']);
});

test('worker.terminate() with work in flight ends everything, at any moment', async () => {
  const ended = await runChild(`
    import { Worker } from 'node:worker_threads';
    for (let round = 0; round < 4; round++) {
      const worker = new Worker(\`
        Promise.all([import('oxbow'), import('node:worker_threads')]).then((modules) => {
          const [{ gather, run, toThread }, { parentPort }] = modules;
          parentPort.postMessage('up');
          return run(async () => {
            for (;;) await gather([1, 2].map((n) => toThread((m) => m, n)));
          });
        });\`, { eval: true });
      await new Promise((resolve) => worker.once('message', resolve));
      for (let turn = 0; turn < round * 300; turn++) await new Promise((go) => setImmediate(go));
      await worker.terminate();
    }
    console.log('all ended');`);
  expect(ended).toEqual(fine('all ended\n'));
});

test('cancelled work leaves nothing behind', async () => {
  const ended = await runChild(
    `
    import { run, ThreadPoolExecutor } from 'oxbow';
    const threads = new ThreadPoolExecutor({ maxWorkers: 1 });
    const cancelled = async (count) => {
      const control = new AbortController();
      const all = Array.from({ length: count }, (_, n) => threads.submit((m) => m, [n], control));
      control.abort();
      await Promise.allSettled(all);
      await threads.submit(() => 1);
      // Ports are closed in a turn of Node's loop, and forgotten after it.
      for (let round = 0; round < 3; round++) { await new Promise(setImmediate); gc(); }
      return process.memoryUsage().heapUsed;
    };
    await cancelled(500);
    const before = await cancelled(500);
    for (let round = 0; round < 10; round++) await cancelled(500);
    // A channel that stayed open would cost 1.2 KB.
    const bytes = (await cancelled(500) - before) / 5500;
    console.log(bytes < 400 ? 'nothing' : bytes);`,
    undefined,
    ['--expose-gc'],
  );
  expect(ended).toEqual(fine('nothing\n'));
});

test('an error that nobody takes is reported, as of every future', async () => {
  const ended = await runChild(
    `
    import { getRunningLoop, run, toThread } from 'oxbow';
    await run(async () => {
      const loop = getRunningLoop();
      const told = new Promise((resolve) => {
        loop.setExceptionHandler((_loop, context) => {
          console.log(context.message, context.exception.message);
          resolve();
        });
      });
      const lose = () => { toThread(() => { throw new Error('nobody'); }); };
      lose();
      await loop.shutdownDefaultExecutor('10s');
      for (let round = 0; round < 10; round++) { await new Promise(setImmediate); gc(); }
      await told;
    });`,
    undefined,
    ['--expose-gc'],
  );
  expect(ended).toEqual(fine('Future exception was never retrieved nobody\n'));
});
