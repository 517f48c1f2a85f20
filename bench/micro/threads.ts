// threads --impl oxbow|node --calls N --burst N: a worker calls a function of the main thread in
// bursts, and waits for the last answer of a burst before the next one. Measures the CPU of both
// threads.
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { LoopHandleData } from 'oxbow';
import { countArgument, cpuNs, implementation, report } from './measure.ts';

const calls = countArgument('calls');
const burst = countArgument('burst');

/** What the main thread exposes. */
type Api = { called(last: boolean): void; begun(): void; ended(): void };

let done = 0;
let before = 0;

/** The functions that both implementations call to count; the first tenth is a warm-up. */
const api: Api = {
  called() {
    done++;
  },
  begun() {
    done = 0;
    before = cpuNs();
  },
  ended() {
    report((cpuNs() - before) / calls, { done, expected: calls });
  },
};

function startWorker(data: unknown): Promise<void> {
  const worker = new Worker(new URL(import.meta.url), {
    workerData: data,
    argv: process.argv.slice(2),
  });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
}

async function onOxbow(): Promise<void> {
  const { connectLoop, promise, run } = await import('oxbow');
  if (isMainThread) {
    const { getRunningLoop } = await import('oxbow');
    await run(function* () {
      const handle = getRunningLoop().share(api);
      yield* promise(startWorker(handle));
      handle.close();
    });
    return;
  }
  const loop = connectLoop<Api>(workerData as LoopHandleData<Api>);
  await run(function* () {
    const some = function* (count: number) {
      for (let n = 0; n < count; n += burst) {
        for (let i = 1; i < burst; i++) loop.callSoonThreadsafe('called', false);
        yield* loop.runCoroutineThreadsafe('called', true);
      }
    };
    yield* some(calls / 10);
    yield* loop.runCoroutineThreadsafe('begun');
    yield* some(calls);
    yield* loop.runCoroutineThreadsafe('ended');
  });
}

/** With a message per call, as written without a library. */
async function onNode(): Promise<void> {
  if (isMainThread) {
    const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
    worker.on('message', ({ name, last }: { name: keyof Api; last: boolean }) => {
      api[name](last);
      if (last) worker.postMessage('done');
    });
    await new Promise((resolve) => worker.once('exit', resolve));
    return;
  }
  const port = parentPort!;
  const call = (name: keyof Api, last: boolean) => port.postMessage({ name, last });
  const answer = () => new Promise((resolve) => port.once('message', resolve));
  const some = async (count: number) => {
    for (let n = 0; n < count; n += burst) {
      for (let i = 1; i < burst; i++) call('called', false);
      const answered = answer();
      call('called', true);
      await answered;
    }
  };
  await some(calls / 10);
  const begun = answer();
  call('begun', true);
  await begun;
  await some(calls);
  call('ended', false);
}

await implementation({ oxbow: onOxbow, node: onNode })();
