// spawn-rate --impl oxbow|node --megabytes N --count N: starts a program each millisecond while so
// much memory is resident and a timer of one millisecond runs. The figure is this process's own CPU
// per program; the details are how many were started per second, and how late the timer was:
// median, 99th percentile and maximum, in milliseconds.
import { setTimeout as wait } from 'node:timers/promises';

import { countArgument, cpuNs, implementation, report } from './measure.ts';

const megabytes = countArgument('megabytes');
const count = countArgument('count');

/** Filled, so that the memory is resident. */
const resident = Array.from({ length: megabytes }, () => Buffer.alloc(1024 * 1024, 1));

/** An absolute path, so that the search in PATH is not measured. */
const PROGRAM = '/bin/true';
const EVERY = 1;
/** The most programs at once; if this is reached, the rate falls, which the details show. */
const AT_ONCE = 64;

/** The part common to both: `start` starts one program and calls back when it has ended. */
async function measure(
  start: (ended: (right: boolean) => void) => void,
  timer: (callback: () => void, milliseconds: number) => void,
): Promise<void> {
  const late: number[] = [];
  let started = 0;
  let running = 0;
  let done = 0;
  let over = false;
  const before = cpuNs();
  const begin = performance.now();
  let due = begin + EVERY;
  const tick = (): void => {
    const now = performance.now();
    late.push(Math.max(now - due, 0));
    if (over) return;
    // Set before any program is started, so that the time for starting counts as lateness.
    due = now + EVERY;
    timer(tick, EVERY);
    const owed = Math.min(count, Math.floor((now - begin) / EVERY)) - started;
    for (let n = 0; n < owed && running < AT_ONCE; n++) {
      started++;
      running++;
      start((right) => {
        running--;
        if (right) done++;
      });
    }
  };
  timer(tick, EVERY);
  while (started < count || running > 0) await wait(20);
  const seconds = (performance.now() - begin) / 1000;
  over = true;
  const cpu = cpuNs() - before;
  late.sort((a, b) => a - b);
  report(
    cpu / count / 1000,
    { done, expected: count },
    {
      megabytes: resident.length,
      perSecond: count / seconds,
      late: late[late.length >> 1]!,
      late99: late[Math.floor(late.length * 0.99)]!,
      lateMost: late.at(-1)!,
    },
  );
}

async function onOxbow(): Promise<void> {
  const { createSubprocessExec, getRunningLoop, promise, run } = await import('oxbow');
  await run(function* () {
    const loop = getRunningLoop();
    const measured = measure(
      (ended) =>
        loop.createTask(function* () {
          const child = yield* createSubprocessExec(PROGRAM);
          ended((yield* child.wait()) === 0);
        }),
      (callback, milliseconds) => loop.callLater(milliseconds / 1000, callback),
    );
    yield* promise(measured);
  });
}

async function onNode(): Promise<void> {
  const { spawn } = await import('node:child_process');
  await measure((ended) => {
    spawn(PROGRAM, { stdio: 'inherit' }).once('exit', (code) => ended(code === 0));
  }, setTimeout);
}

await implementation({ oxbow: onOxbow, node: onNode })();
