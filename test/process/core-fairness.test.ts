// Node's work and ours side by side: neither starves the other under a flood on either side.
import { runChild } from './core-child.ts';

test("a flood of our callbacks lets Node's timers, fs, Promises and fetch go on", async () => {
  const ended = await runChild(`
    import { createServer } from 'node:http';
    import { readFile } from 'node:fs/promises';
    import { getRunningLoop, promise, run } from 'oxbow';
    const server = createServer((_, response) => response.end('fetched'));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    await run(function* () {
      const loop = getRunningLoop();
      let flooding = true;
      let flood = 0;
      const again = () => { flood++; if (flooding) loop.callSoon(again); };
      for (let n = 0; n < 10; n++) again();
      yield* promise(new Promise((resolve) => setTimeout(resolve, 5)));
      yield* promise(new Promise((resolve) => setImmediate(resolve)));
      yield* promise(readFile('package.json'));
      const url = 'http://127.0.0.1:' + server.address().port;
      console.log(yield* promise(fetch(url).then((response) => response.text())));
      flooding = false;
      console.log(flood > 100);
    });
    server.close();
    server.closeAllConnections();`);
  expect(ended).toEqual({ code: 0, signal: null, stdout: 'fetched\ntrue\n', stderr: '' });
});

test('a flood of setImmediate and Promises lets our timers and callbacks go on', async () => {
  const ended = await runChild(`
    import { getRunningLoop, run, sleep } from 'oxbow';
    let flooding = true;
    let flood = 0;
    const again = () => { flood++; if (flooding) setImmediate(again); };
    for (let n = 0; n < 10; n++) again();
    const promises = async () => { while (flooding) await new Promise((r) => setImmediate(r)); };
    promises();
    await run(function* () {
      const loop = getRunningLoop();
      for (let n = 0; n < 10; n++) {
        yield* sleep('1ms');
        yield;
        const future = loop.createFuture();
        loop.callSoon(() => future.setResult());
        yield* future;
      }
    });
    flooding = false;
    console.log(flood > 10);`);
  expect(ended).toEqual({ code: 0, signal: null, stdout: 'true\n', stderr: '' });
});

test('microtasks run between turns, so both lanes take turns', async () => {
  const ended = await runChild(`
    import { createTask, gather, run } from 'oxbow';
    await run(function* () {
      const order = [];
      yield* gather(
        async () => {
          for (let n = 0; n < 3; n++) { order.push('a' + n); await createTask(function* () {}); }
        },
        function* () { for (let n = 0; n < 12; n++) { order.push('g'); yield; } });
      console.log(order.indexOf('a1') < order.lastIndexOf('g'),
        order.indexOf('a2') < order.lastIndexOf('g'));
    });`);
  expect(ended).toEqual({ code: 0, signal: null, stdout: 'true true\n', stderr: '' });
});

test('nextTick, then microtasks run between any two turns, whoever takes them', async () => {
  const program = `
    import { getRunningLoop, run } from 'oxbow';
    const order = [];
    await run(function* () {
      const { turns } = getRunningLoop().metrics();
      for (let n = 0; n < 30; n++) {
        Promise.resolve().then(() => order.push('p' + n));
        queueMicrotask(() => process.nextTick(() => order.push('t' + n)));
        process.nextTick(() => order.push('n' + n));
        order.push('s' + n);
        yield;
      }
      console.log(getRunningLoop().metrics().turns - turns);
    });
    const right = Array.from({ length: 30 }, (_, n) => ['s' + n, 'n' + n, 'p' + n, 't' + n]);
    console.log(order.join() === right.flat().join() || order.join());`;
  for (const flags of [[], ['--pending-deprecation']]) {
    const ended = await runChild(program, undefined, flags);
    expect(ended).toEqual({ code: 0, signal: null, stdout: '30\ntrue\n', stderr: '' });
  }
});

test('an error of nextTick between two turns is uncaught, and both go on', async () => {
  const program = (setup: string): string => `
    import { AsyncLocalStorage, createHook, executionAsyncId } from 'node:async_hooks';
    import { run } from 'oxbow';
    ${setup}
    const store = new AsyncLocalStorage();
    process.on('uncaughtException', ({ message }) => console.log('uncaught', message));
    await run(function* () {
      for (let n = 0; n < 2; n++) {
        yield;
        process.nextTick(() => store.run(n, () => { throw new Error('first'); }));
        process.nextTick(() => console.log('second'));
        queueMicrotask(() => { throw new Error('third'); });
        yield;
        yield;
      }
    });
    console.log('end');`;
  const told = 'uncaught first\nsecond\nuncaught third\n';
  for (const setup of ['', 'createHook({ before() {}, after() {} }).enable();']) {
    const ended = await runChild(program(setup));
    expect(ended).toEqual({ code: 0, signal: null, stdout: `${told}${told}end\n`, stderr: '' });
  }
});

test('without a listener, an error of nextTick between two turns ends the process', async () => {
  const ended = await runChild(`
    import { run } from 'oxbow';
    await run(function* () {
      yield;
      process.nextTick(() => { throw new Error('nobody'); });
      yield;
      console.log('never');
    });`);
  expect(ended).toMatchObject({ code: 1, signal: null, stdout: '' });
  expect(ended.stderr).toContain('Error: nobody');
});

test('more than 100,000 timers and callbacks of one turn, on the real driver', async () => {
  const ended = await runChild(`
    import { getRunningLoop, run } from 'oxbow';
    const many = 150_000;
    console.log(await run(function* () {
      const loop = getRunningLoop();
      const future = loop.createFuture();
      let callbacks = 0;
      let timers = 0;
      const check = () => { if (callbacks === many && timers === many) future.setResult(); };
      for (let n = 0; n < many; n++) {
        loop.callSoon((place) => { if (place === callbacks) callbacks++; check(); }, n);
        loop.callLater(0.001, () => { timers++; check(); });
      }
      yield* future;
      return [callbacks, timers];
    }));`);
  expect(ended).toEqual({
    code: 0,
    signal: null,
    stdout: '[ 150000, 150000 ]\n',
    stderr: '',
  });
});

test('a timer is never early, on the real driver, in both ways of running', async () => {
  const ended = await runChild(`
    import { getRunningLoop, run, runSync, sleep } from 'oxbow';
    const main = function* () {
      const loop = getRunningLoop();
      let early = 0;
      for (const delay of [1e-9, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 2e-3, 0.0123]) {
        const start = loop.time();
        yield* sleep(delay);
        if (loop.time() - start < delay - 1e-12) early++;
      }
      return early;
    };
    console.log(await run(main), runSync(main));`);
  expect(ended).toEqual({ code: 0, signal: null, stdout: '0 0\n', stderr: '' });
});
