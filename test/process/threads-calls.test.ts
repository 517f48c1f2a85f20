// Calls from one thread into the loop of another.
import { printed, runThreads } from './threads-child.ts';

const API = `
  const list = [];
  const api = {
    add: (a, b) => a + b,
    *slow(seconds) { yield* sleep(seconds); return 'slept'; },
    *fail() { yield* sleep(0); throw Object.assign(new TypeError('bad'), { code: 'EBAD' }); },
    forever: () => sleep('1h'),
    note(value) { list.push(value); },
  };
`;

/** A main that shares the api in a loop until the worker has ended. */
const SHARING = `${API}
  await run(async () => {
    const handle = shareLoop(api);
    const code = await exited(start(handle));
    handle.close();
    if (code !== 0) console.log('worker ended with', code);
    if (list.length) console.log(list.length, list.every((value, n) => value === n));
  });`;

const CALLS = `
  const remote = connectLoop(workerData);
  const results = [];
`;

const CHECKS = `
    results.push(WAIT remote.runCoroutineThreadsafe('add', 1, 2));
    results.push(WAIT remote.runCoroutineThreadsafe('slow', 0.001));
    try { WAIT remote.runCoroutineThreadsafe('fail'); } catch (error) {
      results.push(error instanceof TypeError, error.code);
    }
    const future = remote.runCoroutineThreadsafe('forever');
    future.cancel('no');
    try { WAIT future; } catch (error) { results.push(error.name, error.message); }
    process.stdout.write(results.join(' ') + '\\n');`;

const EXPECTED = '3 slept true EBAD CancelledError no\n';

const AWAITED = CHECKS.replaceAll('WAIT', 'await');
const YIELDED = CHECKS.replaceAll('WAIT', 'yield*');
const WAYS: Record<string, string> = {
  'without a loop': AWAITED,
  'in an async main': `await run(async () => { ${AWAITED} });`,
  'in a function* main': `await run(function* () { ${YIELDED} });`,
  'owning its thread': `runSync(function* () { ${YIELDED} });`,
};

test.each(Object.keys(WAYS))("a worker %s calls the main thread's loop", async (way) => {
  expect(await runThreads(SHARING, CALLS + WAYS[way]!)).toEqual(printed(EXPECTED));
});

test("the main thread calls a worker's loop that owns its thread and only listens", async () => {
  const ended = await runThreads(
    `
    const worker = start();
    const remote = connectLoop(await message(worker));
    const results = [];
    ${AWAITED}
    await remote.runCoroutineThreadsafe('stop');
    console.log(await exited(worker), remote.isClosed());`,
    `${API}
    runSync(function* () {
      const stopped = getRunningLoop().createFuture();
      const handle = shareLoop({ ...api, stop: () => stopped.setResult(null) });
      parentPort.postMessage(handle);
      yield* stopped;
      yield;  // the answer leaves before the loop is closed
    });`,
  );
  expect(ended).toEqual(printed(`${EXPECTED}0 true\n`));
});

test("a handle that is not closed keeps a loop alive, an unref'ed one does not", async () => {
  const ended = await runThreads(
    `
    process.once('exit', () => console.log('ended'));
    const loop = new EventLoop();
    const handle = loop.share({ f() {} });
    loop.runForever();
    setTimeout(() => { console.log('still there'); handle.unref(); }, 10);`,
    '',
  );
  expect(ended).toEqual(printed('still there\nended\n'));
});

test('runSync finds a deadlock only while nothing is shared', async () => {
  const ended = await runThreads(
    `
    try {
      runSync(function* () {
        const handle = shareLoop({ f() {} });
        handle.close();
        yield* getRunningLoop().createFuture();
      });
    } catch (error) { console.log(error.name); }
    const { promise, resolve } = Promise.withResolvers?.() ?? (() => {
      let resolve; const promise = new Promise((r) => { resolve = r; });
      return { promise, resolve };
    })();
    runSync(function* () {
      const future = getRunningLoop().createFuture();
      const handle = shareLoop({ go: (text) => future.setResult(text) });
      start(handle);
      console.log(yield* future);
      handle.close();
    });`,
    "connectLoop(workerData).callSoonThreadsafe('go', 'from the worker');",
  );
  expect(ended).toEqual(printed('DeadlockError\nfrom the worker\n'));
});

test('what one thread posts runs in the order in which it was posted', async () => {
  const ended = await runThreads(
    SHARING,
    `
    const remote = connectLoop(workerData);
    for (let n = 0; n < 50000; n++) remote.callSoonThreadsafe('note', n);
    if (await remote.runCoroutineThreadsafe('add', 1, 1) !== 2) throw new Error('no answer');`,
  );
  expect(ended).toEqual(printed('50000 true\n'));
});

test('a callback whose cancel was in time never starts', async () => {
  const ended = await runThreads(
    `
    await run(async () => {
      const ran = new Set();
      const handle = shareLoop({ note: (n) => { ran.add(n); }, ran: () => ran });
      console.log(await exited(start(handle)));
      handle.close();
    });`,
    `
    const remote = connectLoop(workerData);
    const refused = new Set();
    let before;
    for (let n = 0; n < 20000; n++) {
      const handle = remote.callSoonThreadsafe('note', n);
      if (n % 3 === 0 ? handle.cancel() : n % 3 === 1 && before.cancel()) {
        refused.add(n % 3 === 0 ? n : n - 1);
      }
      before = handle;
    }
    const ran = await remote.runCoroutineThreadsafe('ran');
    for (let n = 0; n < 20000; n++) {
      if (ran.has(n) === refused.has(n)) throw new Error('both or neither: ' + n);
    }`,
  );
  expect(ended).toEqual(printed('0\n'));
});

test('two loops call each other at once, through each other', async () => {
  const ended = await runThreads(
    `
    await run(async () => {
      let remote;
      const handle = shareLoop({
        hello: (data) => { remote = connectLoop(data); },
        async down(n) {
          return n === 0 ? 0 : 1 + await remote.runCoroutineThreadsafe('down', n - 1);
        },
      });
      const worker = start(handle);
      console.log(await message(worker));
      handle.close();
      console.log(await exited(worker));
    });`,
    `
    await run(async () => {
      const remote = connectLoop(workerData);
      const handle = shareLoop({
        *down(n) {
          return n === 0 ? 0 : 1 + (yield* remote.runCoroutineThreadsafe('down', n - 1));
        },
      });
      await remote.runCoroutineThreadsafe('hello', { ...handle });
      const calls = [];
      for (let n = 0; n < 50; n++) calls.push(remote.runCoroutineThreadsafe('down', n));
      const all = await Promise.all(calls);
      parentPort.postMessage(all.every((depth, n) => depth === n));
    });`,
  );
  expect(ended).toEqual(printed('true\n0\n'));
});

test('a handle of another process is refused', async () => {
  const other = await runThreads(
    'const loop = new EventLoop(); console.log(JSON.stringify(loop.share({ f() {} })));',
    '',
  );
  const ended = await runThreads(
    `
    new EventLoop().share({ f() {} });
    try { connectLoop(${other.stdout}); } catch (error) { console.log(String(error)); }`,
    '',
  );
  expect(ended.stdout).toMatch(
    /^RuntimeError: connectLoop\(\): the handle comes from another process/,
  );
});

test('simulated time stands still for the answer of another thread', async () => {
  const ended = await runThreads(
    `
    const worker = start();
    const remote = connectLoop(await message(worker));
    for (const lane of ['guest', 'owner']) {
      const loop = new EventLoop({ driver: 'virtual' });
      const main = function* () {
        const before = loop.time();
        const late = loop.callLater(1, () => console.log('jumped'));
        const text = yield* remote.runCoroutineThreadsafe('slow');
        late.cancel();
        return lane + ' ' + text + ' ' + (loop.time() - before);
      };
      console.log(lane === 'guest' ? await loop.runUntilComplete(main())
        : loop.runUntilCompleteSync(main()));
      loop.close();
    }
    await worker.terminate();`,
    `
    await run(async () => {
      parentPort.postMessage(shareLoop({ async slow() { await sleep('5ms'); return 'slept'; } }));
      await sleep('1h');
    });`,
  );
  expect(ended).toEqual(printed('guest slept 0\nowner slept 0\n'));
});
