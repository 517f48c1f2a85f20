// call-soon --impl … --size N --times N: batches of callbacks, each scheduled by the last callback
// of the batch before.
import { countArgument, cpuNs, implementation, report } from './measure.ts';

type Schedule = (callback: () => void) => void;

const size = countArgument('size');
const times = countArgument('times');
let calls = 0;

function batches(schedule: Schedule, count: number, finish: () => void): void {
  let batch = 0;
  let left = 0;
  const callback = () => {
    calls++;
    if (--left > 0) return;
    if (++batch === count) finish();
    else start();
  };
  const start = () => {
    left = size;
    for (let i = 0; i < size; i++) schedule(callback);
  };
  start();
}

function measure(schedule: Schedule, finish: () => void): void {
  batches(schedule, Math.ceil(times / 4), () => {
    calls = 0;
    const before = cpuNs();
    batches(schedule, times, () => {
      const work = { done: calls, expected: size * times };
      report((cpuNs() - before) / calls, work);
      finish();
    });
  });
}

async function onOxbow(): Promise<void> {
  const { getRunningLoop, run } = await import('oxbow');
  await run(function* () {
    const loop = getRunningLoop();
    const done = loop.createFuture<undefined>();
    measure(
      (callback) => loop.callSoon(callback),
      () => done.setResult(undefined),
    );
    yield* done;
  });
}

const onNode = (schedule: Schedule) => () => measure(schedule, () => {});

await implementation<() => void | Promise<void>>({
  oxbow: onOxbow,
  'set-immediate': onNode((callback) => setImmediate(callback)),
  'next-tick': onNode((callback) => process.nextTick(callback)),
  'queue-microtask': onNode((callback) => queueMicrotask(callback)),
})();
