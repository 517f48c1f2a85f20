// interval: ticks at even distances, and what comes of those that were missed (tokio's names).
import { createTask, getRunningLoop, interval, RuntimeError, sleep, waitFor } from 'oxbow';
import type { MissedTicks } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

/** Now, since the start of the loop's clock that `begin` says, rounded to what the eye can see. */
function clock(): () => number {
  const loop = getRunningLoop();
  const begin = loop.time();
  return () => Math.round((loop.time() - begin) * 1e6) / 1e6;
}

test('the first tick comes at once, the others a period apart', () =>
  runVirtual(function* () {
    const now = clock();
    const ticks = interval('500ms');
    const first = ticks.when();
    const seen: number[] = [];
    for (let n = 0; n < 4; n++) {
      expect(yield* ticks.tick()).toBeCloseTo(first + n * 0.5, 9);
      seen.push(now());
    }
    expect(seen).toEqual([0, 0.5, 1, 1.5]);
  }));

test('start puts the first tick off', () =>
  runVirtual(async () => {
    const now = clock();
    const ticks = interval(1, { start: '250ms' });
    await ticks.tick();
    expect(now()).toBe(0.25);
    await ticks.tick();
    expect(now()).toBe(1.25);
  }));

// The bodies take 2.5 s, then nothing: when the ticks come, and what they were meant for.
const MISSED: Record<MissedTicks, [came: number, meant: number][]> = {
  burst: [
    [0, 0],
    [2.5, 1],
    [2.5, 2],
    [3, 3],
    [4, 4],
    [5, 5],
  ],
  delay: [
    [0, 0],
    [2.5, 1],
    [3.5, 3.5],
    [4.5, 4.5],
    [5.5, 5.5],
    [6.5, 6.5],
  ],
  skip: [
    [0, 0],
    [2.5, 1],
    [3, 3],
    [4, 4],
    [5, 5],
    [6, 6],
  ],
};

for (const missedTicks of ['burst', 'delay', 'skip'] as const) {
  for (const lane of ['generator', 'async'] as const) {
    test(`missed ticks: ${missedTicks} (${lane})`, () =>
      runVirtual(function* () {
        const now = clock();
        const ticks = interval(1, { missedTicks });
        const begin = ticks.when();
        const seen: [number, number][] = [];
        const note = (meant: number): boolean =>
          seen.push([now(), Math.round((meant - begin) * 1e6) / 1e6]) === 6;
        if (lane === 'generator') {
          while (!note(yield* ticks.tick())) if (seen.length === 1) yield* sleep(2.5);
        } else {
          yield* createTask(async () => {
            for await (const meant of ticks) {
              if (note(meant)) break;
              if (seen.length === 1) await sleep(2.5);
            }
          });
        }
        expect(seen).toEqual(MISSED[missedTicks]);
        expect(ticks.closed).toBe(false);
      }));
  }
}

test('skip: a body of exactly two periods skips as tokio does', () =>
  runVirtual(function* () {
    const now = clock();
    const ticks = interval(1, { missedTicks: 'skip' });
    const seen: number[] = [];
    for (let n = 0; n < 4; n++) {
      yield* ticks.tick();
      seen.push(now());
      if (n === 0) yield* sleep(2);
    }
    expect(seen).toEqual([0, 2, 3, 4]);
  }));

test('nothing drifts in twenty thousand ticks', () =>
  runVirtual(function* () {
    const ticks = interval(0.1);
    const begin = ticks.when();
    let last = 0;
    for (let n = 0; n <= 20_000; n++) last = yield* ticks.tick();
    expect(last - begin).toBeCloseTo(2000, 9);
  }));

test('ticks that are due let others go on', () =>
  runVirtual(function* () {
    const ticks = interval('1us');
    yield* sleep(1);
    let turns = 0;
    const other = createTask(function* () {
      for (;;) {
        turns++;
        yield;
      }
    });
    for (let n = 0; n < 10; n++) yield* ticks.tick();
    other.cancel();
    expect(turns).toBeGreaterThanOrEqual(10);
  }));

for (const turns of [0, 1, 2, 3]) {
  test(`a tick cancelled ${turns} turns after it was due is still to come, or was taken`, () =>
    runVirtual(function* () {
      const now = clock();
      const ticks = interval(1, { start: 1 });
      let taken = false;
      const task = createTask(function* () {
        yield* ticks.tick();
        taken = true;
        yield* sleep(10);
      });
      yield* sleep(0.999_999);
      while (now() < 1) yield* sleep('1us');
      for (let turn = 0; turn < turns; turn++) yield;
      task.cancel();
      yield* sleep(0.5);
      yield* ticks.tick();
      expect(now()).toBe(taken ? 2 : 1.500001);
    }));
}

test('several who wait get one tick each', () =>
  runVirtual(function* () {
    const now = clock();
    const ticks = interval(1, { start: 1 });
    const seen: number[] = [];
    const all = [0, 1, 2].map(() =>
      createTask(function* () {
        yield* ticks.tick();
        seen.push(now());
      }),
    );
    all[0]!.cancel();
    yield* sleep(10);
    expect(seen).toEqual([1, 2]);
  }));

test('reset counts anew, also for whoever waits', () =>
  runVirtual(function* () {
    const now = clock();
    const ticks = interval(1);
    yield* ticks.tick();
    const waiting = createTask(function* () {
      yield* ticks.tick();
      return now();
    });
    yield* sleep(0.5);
    ticks.reset();
    expect(yield* waiting).toBe(1.5);
    ticks.reset('100ms');
    yield* ticks.tick();
    expect(now()).toBe(1.6);
    yield* ticks.tick();
    expect(now()).toBe(2.6);
    expect(thrown(() => ticks.reset(Infinity))).toBeInstanceOf(RangeError);
  }));

test('close ends iterations and fails ticks', () =>
  runVirtual(async () => {
    const ticks = interval(1);
    const seen: number[] = [];
    const iteration = createTask(async () => {
      for await (const time of ticks) seen.push(time);
    });
    await sleep(2.5);
    const waiting = rejection(ticks.tick());
    await sleep(0);
    ticks.close();
    ticks[Symbol.dispose]();
    await iteration;
    expect(seen).toHaveLength(3);
    expect(await waiting).toBeInstanceOf(RuntimeError);
    expect((await rejection(ticks.tick())).message).toBe('the interval is closed');
    expect(await ticks.next()).toEqual({ done: true, value: undefined });
    expect(ticks.closed).toBe(true);
  }));

test('{signal} makes ticks fail', () =>
  runVirtual(async () => {
    const control = new AbortController();
    const ticks = interval(10, { signal: control.signal, start: 10 });
    const waiting = rejection(ticks.tick());
    await sleep(1);
    control.abort('enough');
    expect((await waiting).name).toBe('AbortError');
    expect((await rejection(ticks.tick())).cause).toBe('enough');
    expect((await rejection(ticks.next())).name).toBe('AbortError');
  }));

test('nobody waits, nothing is kept: a cancelled tick leaves no timer', () =>
  runVirtual(function* () {
    const now = clock();
    const ticks = interval(100, { start: 100 });
    const error = yield* createTask(() => rejection(waitFor(ticks.tick(), 1)));
    expect(error.name).toBe('TimeoutError');
    expect(now()).toBe(1);
  }));

test('wrong arguments are refused', () =>
  runVirtual(function* () {
    for (const period of [0, -1, Infinity, NaN, 1e-12]) {
      expect(thrown(() => interval(period))).toBeInstanceOf(RangeError);
    }
    expect(thrown(() => interval('5 parsecs'))).toBeInstanceOf(TypeError);
    expect(thrown(() => interval(1, { start: Infinity }))).toBeInstanceOf(RangeError);
    expect(thrown(() => interval(1, { missedTicks: 'drop' as never })).message).toBe(
      "interval(): missedTicks must be 'burst', 'delay' or 'skip', got 'drop'",
    );
    expect(thrown(() => interval(1, { signal: 5 as never }))).toBeInstanceOf(TypeError);
  }));

test('outside a loop there is no interval', () => {
  expect(thrown(() => interval(1))).toBeInstanceOf(RuntimeError);
});
