// Threads that end in the middle of calls: whoever waits hears of it, and nothing crashes.
import { printed, runThreads } from './threads-child.ts';

const SERVING = `
  const main = function* () {
    const loop = getRunningLoop();
    const handle = shareLoop({
      quick: (n) => n, forever: () => sleep('1h'), async brief() { await sleep('1ms'); return 1; },
      busy: () => { for (;;); },
    });
    parentPort.postMessage(handle);
    yield* sleep('1h');
  };`;

test.each(['await run(main);', 'runSync(main);'])(
  'a terminated worker fails its calls: %s',
  async (way) => {
    const ended = await runThreads(
      `
    const outcomes = new Set();
    for (let round = 0; round < 4; round++) {
      const worker = start();
      const remote = connectLoop(await message(worker));
      const calls = [1, 2].map(() => remote.runCoroutineThreadsafe('forever'));
      if (round % 2 === 0) calls.push(remote.runCoroutineThreadsafe('busy'));
      await remote.runCoroutineThreadsafe('forever').cancel();
      const ended = worker.terminate();
      calls.push(...(await Promise.allSettled(calls)).map((outcome) => {
        outcomes.add(outcome.reason.name + ': ' + outcome.reason.message);
      }));
      await ended;
      if (!remote.isClosed()) throw new Error('open');
      try { remote.callSoonThreadsafe('quick'); } catch (error) { outcomes.add(error.message); }
    }
    console.log([...outcomes].join(', '));`,
      SERVING + way,
    );
    expect(ended).toEqual(printed('RuntimeError: Event loop is closed, Event loop is closed\n'));
  },
);

test.each([11, 12, 13])('termination at any moment of a flood, seed %d', async (seed) => {
  const ended = await runThreads(
    `
    const counts = { answered: 0, lost: 0 };
    for (let round = 0; round < 3; round++) {
      const worker = start();
      const remote = connectLoop(await message(worker));
      const calls = [];
      const flood = async () => {
        for (let n = 0; ; n++) {
          const name = ['quick', 'brief', 'forever'][random(3)];
          try {
            const call = remote.runCoroutineThreadsafe(name, n);
            calls.push(call.then(() => { counts.answered++; }, (error) => {
              if (error.name === 'RuntimeError') counts.lost++;
              else if (error.name !== 'CancelledError') throw error;
            }));
            if (random(4) === 0) call.cancel();
            if (random(2) === 0) remote.callSoonThreadsafe('quick', n);
          } catch (error) {
            if (error.message !== 'Event loop is closed') throw error;
            return;
          }
          if (n % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
        }
      };
      const flooding = flood();
      setTimeout(() => worker.terminate(), random(20));
      await flooding;
      await Promise.all(calls);
    }
    if (counts.lost === 0) throw new Error('nothing was lost');
    console.log('survived');`,
    `${SERVING} await run(main);`,
    seed,
  );
  expect(ended).toEqual(printed('survived\n'));
});

test.each([21, 22])('callers that are terminated in the middle, seed %d', async (seed) => {
  const ended = await runThreads(
    `
    await run(async () => {
      const loop = getRunningLoop();
      loop.setExceptionHandler((_, { message, exception }) => {
        if (!/whose caller has gone/.test(message)) console.log(message, exception);
      });
      const handle = shareLoop({
        async brief(n) { await sleep(n / 10000); if (n % 2) throw new Error('odd'); return n; },
        quick: (n) => n,
      });
      for (let round = 0; round < 3; round++) {
        const worker = start({ handle: { ...handle }, way: round % 3 });
        await message(worker);
        await sleep(random(20) / 1000);
        await worker.terminate();
      }
      handle.close();
      await sleep('10ms');
      console.log('survived');
    });`,
    `
    const remote = connectLoop(workerData.handle);
    const flood = async () => {
      for (let n = 0; ; n++) {
        remote.runCoroutineThreadsafe(n % 2 ? 'brief' : 'quick', n % 50).catch(() => {});
        if (n === 100) parentPort.postMessage('up');
        if (n % 10 === 0) await remote.runCoroutineThreadsafe('quick', n);
      }
    };
    if (workerData.way === 0) await flood();
    else if (workerData.way === 1) await run(flood);
    else {
      runSync(function* () {
        for (let n = 0; ; n++) {
          yield* remote.runCoroutineThreadsafe('quick', n);
          if (n === 100) parentPort.postMessage('up');
        }
      });
    }`,
    seed,
  );
  expect(ended).toEqual(printed('survived\n'));
});

test('process.exit while other threads post', async () => {
  const ended = await runThreads(
    `
    await run(async () => {
      const handle = shareLoop({ quick: (n) => { if (n === 2000) process.exit(5); } });
      start(handle);
      start(handle);
      await sleep('1h');
    });`,
    `
    const remote = connectLoop(workerData);
    for (let n = 0; ; n++) remote.callSoonThreadsafe('quick', n);`,
  );
  expect([ended.code, ended.signal]).toEqual([5, null]);
});

test('an unanswered call does not outlive a worker that throws', async () => {
  const ended = await runThreads(
    `
    const worker = start();
    worker.on('error', (error) => console.log('worker:', error.message));
    const remote = connectLoop(await message(worker));
    await remote.runCoroutineThreadsafe('crash').catch(({ message }) => console.log(message));`,
    `
    await run(async () => {
      parentPort.postMessage(shareLoop({
        crash() { setImmediate(() => { throw new Error('on purpose'); }); return sleep('1h'); },
      }));
      await sleep('1h');
    });`,
  );
  expect(ended.stdout.split('\n').sort()).toEqual([
    '',
    'Event loop is closed',
    'worker: on purpose',
  ]);
});

test('a loop that does not keep up refuses more, and works again', async () => {
  const ended = await runThreads(
    `
    const worker = start();
    const remote = connectLoop(await message(worker));
    const nap = new Int32Array(new SharedArrayBuffer(4));
    let n = 0;
    try {
      for (;; n++) remote.callSoonThreadsafe('note', 1);
    } catch (error) { console.log(error.name, error.code, n >= 2 ** 20); }
    worker.postMessage('go');
    for (;;) {
      try { await remote.runCoroutineThreadsafe('total'); break; } catch (error) {
        if (error.code !== 'ENOBUFS') throw error;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    console.log(await remote.runCoroutineThreadsafe('total') === n);
    await worker.terminate();`,
    `
    let total = 0;
    parentPort.once('message', () => run(() => sleep('1h'), { loopFactory: () => loop }));
    const loop = new EventLoop();
    parentPort.postMessage(loop.share({ note: (n) => { total += n; }, total: () => total }));`,
  );
  expect(ended).toEqual(printed('RuntimeError ENOBUFS true\ntrue\n'));
});

test('a worker whose loop owns the thread and sleeps can be terminated', async () => {
  const ended = await runThreads(
    `
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const worker = start(flag);
    // Told by what runs last before the wait; the rounds of Node's loop are for the way into it.
    while (Atomics.load(flag, 0) === 0) await new Promise((resolve) => setImmediate(resolve));
    for (let n = 0; n < 1000; n++) await new Promise((resolve) => setImmediate(resolve));
    console.log(await worker.terminate());`,
    `
    runSync(function* () {
      getRunningLoop().callSoon(() => Atomics.store(workerData, 0, 1));
      yield* sleep('1h');
    });`,
  );
  expect(ended).toEqual(printed('1\n'));
});
