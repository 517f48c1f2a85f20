// A queue of a loop that tasks and other threads use together (curio's UniversalQueue).
import { Queue, run, shareQueue, connectQueue, RuntimeError, shareLoop } from 'oxbow';

import { rejection, thrown } from '../support/outcomes.ts';
import { printed, runThreads } from './threads-child.ts';

const WAYS: Record<string, (body: string) => string> = {
  'without a loop': (body) => body.replaceAll('WAIT', 'await'),
  'in an async main': (body) => `await run(async () => {${body.replaceAll('WAIT', 'await')}});`,
  'owning its thread': (body) => `runSync(function* () {${body.replaceAll('WAIT', 'yield*')}});`,
};

test.each(Object.keys(WAYS))('items go both ways, with a worker %s', async (way) => {
  const ended = await runThreads(
    `await run(function* () {
      const jobs = new Queue({ maxsize: 2 });
      const results = new Queue();
      const handles = [shareQueue(jobs), shareQueue(results)];
      const worker = start(handles);
      for (let n = 0; n < 100; n++) yield* jobs.put({ n });
      yield* jobs.join();
      const all = [];
      for (let n = 0; n < 100; n++) all.push(yield* results.get());
      console.log(all.every((value, n) => value === n * n), jobs.qsize(), results.qsize());
      jobs.shutdown();
      yield* oxbow.promise(exited(worker));
      for (const handle of handles) handle.close();
    });`,
    `const [jobs, results] = workerData.map((data) => connectQueue(data));
    ${WAYS[way]!(`
      for (;;) {
        let job;
        try { job = WAIT jobs.get(); } catch (error) {
          if (error.name !== 'QueueShutDown') console.log(error);
          break;
        }
        WAIT results.put(job.n * job.n);
        WAIT jobs.taskDone();
      }`)}`,
  );
  expect(ended).toEqual(printed('true 0 0\n'));
});

test('many threads and the tasks of the loop share the items, each once', async () => {
  const ended = await runThreads(
    `await run(async () => {
      const queue = new Queue({ maxsize: 10 });
      const handle = shareQueue(queue);
      const workers = [start(handle), start(handle), start(handle)];
      const sums = workers.map((worker) => message(worker));
      const own = (async () => {
        let sum = 0;
        for await (const n of queue) { sum += n; queue.taskDone(); }
        return sum;
      })();
      for (let n = 1; n <= 3000; n++) await queue.put(n);
      await queue.join();
      queue.shutdown();
      const all = await Promise.all([own, ...sums]);
      console.log(all.reduce((a, b) => a + b), 3000 * 3001 / 2);
      handle.close();
    });`,
    `const queue = connectQueue(workerData);
    let sum = 0;
    for await (const n of queue) { sum += n; await queue.taskDone(); }
    parentPort.postMessage(sum);`,
  );
  expect(ended).toEqual(printed('4501500 4501500\n'));
});

test('a get that is given up at any time loses no item', async () => {
  const ended = await runThreads(
    `await run(async () => {
      const queue = new Queue();
      const handle = shareQueue(queue);
      const got = message(start(handle));
      for (let n = 0; n < 2000; n++) { await queue.put(n); if (n % 7 === 0) await sleep(0); }
      queue.shutdown();
      console.log(await got);
      handle.close();
    });`,
    `const queue = connectQueue(workerData);
    const got = [];
    let given = 0;
    try {
      for (;;) {
        const futures = [queue.get(), queue.get(), queue.get()];
        futures[given % 3].cancel();
        if (given % 2) futures[(given + 1) % 3].cancel();
        given++;
        for (const future of futures) {
          try { got.push(await future); } catch (error) {
            if (error.name !== 'CancelledError') throw error;
          }
        }
      }
    } catch (error) {
      // Those that came for one that had been given up.
      for (;;) { try { got.push(await queue.get()); } catch { break; } }
      got.sort((a, b) => a - b);
      parentPort.postMessage([error.name, got.length, got.every((value, n) => value === n)]);
    }`,
  );
  expect(ended).toEqual(printed("[ 'QueueShutDown', 2000, true ]\n"));
});

test('a thread that is terminated while it waits takes nothing away', async () => {
  const ended = await runThreads(
    `await run(async () => {
      const queue = new Queue();
      const handle = shareQueue(queue);
      const worker = start(handle);
      await message(worker);
      while (!String(queue).includes('getters[3]')) await sleep(0);
      await worker.terminate();
      for (let n = 0; n < 5; n++) queue.putNowait(n);
      const all = [];
      for (let n = 0; n < 5; n++) all.push(await queue.get());
      console.log(all.join(' '), queue.qsize());
      handle.close();
    });`,
    `const queue = connectQueue(workerData);
    for (let n = 0; n < 3; n++) queue.get();
    parentPort.postMessage('waiting');`,
  );
  expect(ended).toEqual(printed('0 1 2 3 4 0\n'));
});

test('within one thread, its other calls, and what is no queue', async () => {
  await run(async () => {
    const queue = new Queue<number>();
    const handle = shareQueue(queue);
    const remote = connectQueue<number>(handle);
    expect(String(remote)).toBe('<RemoteQueue open getters[0]>');
    await remote.put(1);
    expect(await remote.qsize()).toBe(1);
    expect(await remote.get()).toBe(1);
    expect(thrown(() => remote.put((() => 1) as never)).name).toBe('DataCloneError');
    const abort = new AbortController();
    const waiting = remote.get({ signal: abort.signal });
    abort.abort();
    expect(await rejection(waiting)).toMatchObject({ code: 'ABORT_ERR' });
    expect(thrown(() => remote.get({ signal: abort.signal }))).toMatchObject({ code: 'ABORT_ERR' });
    await remote.taskDone();
    await remote.join();
    await remote.shutdown();
    expect(await remote.next()).toEqual({ done: true, value: undefined });
    expect((await rejection(remote.put(2))).name).toBe('QueueShutDown');
    handle.close();
    expect(await rejection(remote.qsize())).toBeInstanceOf(RuntimeError);
    expect(thrown(() => shareQueue([] as never)).message).toBe('shareQueue(): [] is no Queue');
    const other = shareLoop({ get: () => 1 });
    expect(thrown(() => connectQueue(other as never)).message).toMatch(
      /not what shareQueue\(\) gave/,
    );
    other.close();
  });
});
