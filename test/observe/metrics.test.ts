// loop.metrics(): what is counted, and that it stays there when the loop has gone.
import {
  createTask,
  EventLoop,
  getRunningLoop,
  histogramBounds,
  metricsSince,
  openConnection,
  run,
  runSync,
  sleep,
  startServer,
} from 'oxbow';
import type { DurationHistogram, LoopMetrics } from 'oxbow';
import { runVirtual, VirtualLoop } from 'oxbow/testing';

import { thrown, withLoop } from '../support/outcomes.ts';

const COUNTERS = ['turns', 'events', 'callbacks', 'timePolling', 'timeRunning'] as const;

function checkHistogram(histogram: DurationHistogram): void {
  const { buckets, count, p50, p90, p99, max, mean, sum } = histogram;
  expect(buckets.length).toBe(histogramBounds.length);
  expect(buckets.reduce((total, n) => total + n, 0)).toBe(count);
  expect([p50, p90, p99, max].every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
  expect(p50 <= p90 && p90 <= p99 && p99 <= max).toBe(true);
  expect(mean).toBeCloseTo(count === 0 ? 0 : sum / count, 12);
}

function checkSnapshot(metrics: LoopMetrics): void {
  for (const name of COUNTERS) expect(metrics[name]).toBeGreaterThanOrEqual(0);
  expect(metrics.utilization).toBeGreaterThanOrEqual(0);
  expect(metrics.utilization).toBeLessThanOrEqual(1);
  checkHistogram(metrics.lag);
  checkHistogram(metrics.turnDuration);
}

test('a loop that has not run has counted nothing', () =>
  withLoop((loop) => {
    const metrics = loop.metrics();
    checkSnapshot(metrics);
    for (const name of COUNTERS) expect(metrics[name]).toBe(0);
    expect(metrics).toMatchObject({ utilization: 0, ready: 0, timers: 0, handles: 0, tasks: 0 });
  }));

test('a snapshot is frozen, plain, can be cloned and written as JSON', () =>
  withLoop((loop) => {
    const metrics = loop.metrics();
    for (const part of [metrics, metrics.lag, metrics.lag.buckets, metrics.turnDuration]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    expect(structuredClone(metrics)).toEqual(metrics);
    expect(JSON.parse(JSON.stringify(metrics))).toEqual(metrics);
  }));

test('simulated time counts as time slept, never as time worked, and timers are never late', () =>
  runVirtual(function* () {
    for (let n = 0; n < 20; n++) yield* sleep(10);
    const metrics = (getRunningLoop() as VirtualLoop).metrics();
    expect(metrics).toMatchObject({ timePolling: 200, timeRunning: 0, utilization: 0, time: 200 });
    expect(metrics.lag).toMatchObject({ count: 20, sum: 0, max: 0, p50: 0, p99: 0 });
    checkSnapshot(metrics);
  }));

test('two runs of one simulated program count the same', async () => {
  const count = (): Promise<LoopMetrics> =>
    runVirtual(function* () {
      const task = createTask(function* () {
        yield* sleep(1);
      });
      yield* sleep(0.5);
      yield* task;
      return (getRunningLoop() as VirtualLoop).metrics();
    });
  expect(await count()).toEqual(await count());
});

test('callbacks, timers, ready entries and tasks are told as they are at the moment', () =>
  withLoop((loop) => {
    loop.callSoon(() => {});
    loop.callSoon(() => {});
    const timer = loop.callLater(5, () => {});
    loop.callLater(1, () => loop.stop());
    const task = loop.createTask(function* () {
      yield* sleep(3600);
    });
    expect(loop.metrics()).toMatchObject({ ready: 3, timers: 2, tasks: 1, callbacks: 0 });
    loop.runForeverSync();
    // Two callbacks, the first step of the task, and the timer that stopped.
    expect(loop.metrics()).toMatchObject({ ready: 0, timers: 2, tasks: 1, callbacks: 4 });
    timer.cancel();
    expect(loop.metrics().timers).toBe(1);
    task.cancel();
    loop.callSoon(() => loop.stop());
    loop.runForeverSync();
    expect(loop.metrics()).toMatchObject({ timers: 0, tasks: 0 });
  }));

test('counters count up to the entry that asks', () =>
  withLoop((loop) => {
    const seen: number[] = [];
    for (let n = 0; n < 3; n++) loop.callSoon(() => seen.push(loop.metrics().callbacks));
    loop.callSoon(() => loop.stop());
    loop.runForeverSync();
    expect(seen).toEqual([1, 2, 3]);
  }));

test.each([
  ['a guest', (main: () => Generator<any, any>) => run(main)],
  ['the owner of the thread', async (main: () => Generator<any, any>) => runSync(main)],
])('as %s, work and sleep are told apart', async (_name, start) => {
  let loop!: EventLoop;
  let before!: LoopMetrics;
  await start(function* () {
    loop = getRunningLoop();
    before = loop.metrics();
    for (let n = 0; n < 5; n++) yield* sleep(0.004);
    const until = loop.time() + 0.02;
    while (loop.time() < until);
    const now = metricsSince(before, loop.metrics());
    // The turn that is running counts already; what else happened took longer, never less.
    expect(now.timeRunning).toBeGreaterThan(0.019);
    expect(now.timePolling).toBeGreaterThan(0);
    expect(now.timeRunning + now.timePolling).toBeLessThanOrEqual(now.time + 0.001);
    expect(now.lag.count).toBe(5);
  });
  const { turnDuration, time } = metricsSince(before, loop.metrics());
  expect(turnDuration.max).toBeGreaterThan(0.019);
  expect(turnDuration.max).toBeLessThanOrEqual(time);
  checkSnapshot(loop.metrics());
});

test('a timer that a long callback held up is late by as much', () => {
  const loop = new EventLoop();
  try {
    loop.callLater(0.001, () => {});
    loop.callSoon(() => {
      const until = loop.time() + 0.02;
      while (loop.time() < until);
    });
    loop.callLater(0.002, () => loop.stop());
    loop.runForeverSync();
    const { lag } = loop.metrics();
    expect(lag.count).toBe(2);
    expect(lag.max).toBeGreaterThan(0.017);
    expect(lag.p50).toBeGreaterThan(0.014);
  } finally {
    loop.close();
  }
});

test('a loop that is closed tells its last counters, and nothing of what it had', async () => {
  let loop!: EventLoop;
  await run(function* () {
    loop = getRunningLoop();
    yield* sleep(0.001);
  });
  expect(loop.isClosed()).toBe(true);
  const metrics = loop.metrics();
  expect(metrics.callbacks).toBeGreaterThan(2);
  expect(metrics.time).toBeGreaterThan(0);
  expect(metrics).toMatchObject({ ready: 0, timers: 0, handles: 0, tasks: 0 });
  expect(loop.metrics()).toEqual(metrics);
});

test('a closed simulated loop still tells its time', () => {
  const loop = new VirtualLoop();
  loop.runUntilCompleteSync(function* () {
    yield* sleep(60);
  });
  loop.close();
  expect(loop.metrics()).toMatchObject({ time: 60, timePolling: 60 });
});

test('metricsSince gives what happened in between, and states as they are now', () =>
  runVirtual(function* () {
    const loop = getRunningLoop() as VirtualLoop;
    yield* sleep(5);
    const before = loop.metrics();
    const task = createTask(function* () {
      yield* sleep(100);
    });
    for (let n = 0; n < 3; n++) yield* sleep(2);
    const after = loop.metrics();
    const between = metricsSince(before, after);
    expect(between).toMatchObject({ time: 6, timePolling: 6, timers: 1, tasks: 2 });
    expect(between.callbacks).toBe(after.callbacks - before.callbacks);
    expect(between.lag).toMatchObject({ count: 3, max: 0 });
    expect(metricsSince(after, after).lag).toMatchObject({ count: 0, mean: 0, p99: 0 });
    task.cancel();
  }));

test('metricsSince says which argument is no snapshot', () =>
  withLoop((loop) => {
    const metrics = loop.metrics();
    expect(thrown(() => metricsSince(null as never, metrics)).message).toBe(
      'earlier: null is not what loop.metrics() gives',
    );
    expect(thrown(() => metricsSince(metrics, { turns: 1 } as never))).toBeInstanceOf(TypeError);
  }));

test('open connections and listeners are handles, and what comes over them is events', () =>
  run(async () => {
    const loop = getRunningLoop();
    const server = await startServer(
      async (reader, writer) => {
        writer.write(await reader.read());
        writer.close();
      },
      '127.0.0.1',
      0,
    );
    const [reader, writer] = await openConnection('127.0.0.1', server.sockets[0]!.getsockname()[1]);
    const { handles, events } = loop.metrics();
    expect(handles).toBeGreaterThanOrEqual(2);
    writer.write('hello');
    writer.writeEof();
    expect(String(await reader.read())).toBe('hello');
    expect(loop.metrics().events).toBeGreaterThan(events);
    writer.close();
    await writer.waitClosed();
    server.close();
    await server.waitClosed();
    // The listener's descriptor is closed at the next submit.
    await sleep(0);
    expect(loop.metrics().handles).toBe(0);
  }));

test('the bounds of the buckets rise to Infinity, each by a quarter at most', () => {
  expect(histogramBounds.at(-1)).toBe(Infinity);
  expect(histogramBounds[0]).toBeCloseTo(1.024e-6, 12);
  for (let n = 1; n < histogramBounds.length - 1; n++) {
    const ratio = histogramBounds[n]! / histogramBounds[n - 1]!;
    expect(ratio).toBeGreaterThan(1);
    expect(ratio).toBeLessThanOrEqual(1.25);
  }
});
