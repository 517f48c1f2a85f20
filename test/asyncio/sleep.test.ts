// sleep and durations.
import { getRunningLoop, sleep } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

test('it sleeps as long as it is told, in every unit, and never shorter', () =>
  runVirtual(function* () {
    const loop = getRunningLoop();
    for (const [delay, seconds] of [
      [0.25, 0.25],
      ['250ms', 0.25],
      ['3us', 3e-6],
      ['1.5s', 1.5],
      ['2m', 120],
      ['1h', 3600],
      [' 10 ms ', 0.01],
      [1e-9, 1e-9],
    ] as const) {
      const start = loop.time();
      yield* sleep(delay);
      const passed = loop.time() - start;
      expect(passed).toBeGreaterThanOrEqual(seconds - 1e-12);
      expect(passed).toBeLessThan(seconds + 1e-6);
    }
  }));

test('0 and less wait exactly one turn and start no timer', () =>
  runVirtual(function* () {
    const loop = getRunningLoop();
    for (const delay of [0, -1, '-5s']) {
      let turns = 0;
      loop.callSoon(() => {
        turns++;
        loop.callSoon(() => {
          turns++;
        });
      });
      const start = loop.time();
      expect(yield* sleep(delay, 'result')).toBe('result');
      expect(turns).toBe(1);
      expect(loop.time()).toBe(start);
      yield;
    }
  }));

test('it has begun at the call and may be awaited twice', () =>
  runVirtual(function* () {
    const loop = getRunningLoop();
    const nap = sleep(2, 'x');
    yield* sleep(1);
    const start = loop.time();
    expect(yield* nap).toBe('x');
    expect(loop.time() - start).toBeLessThan(1.001);
    expect(yield* nap).toBe('x');
  }));

test('a cancelled sleep leaves no timer behind', () =>
  runVirtual(function* () {
    const loop = getRunningLoop();
    const nap = sleep(1000);
    nap.cancel();
    expect(nap.cancelled()).toBe(true);
    yield* sleep(1);
    expect(loop.time()).toBeLessThan(2);
  }));

test('a signal makes it fail with an AbortError, which is no cancel', () =>
  runVirtual(async () => {
    const controller = new AbortController();
    const nap = sleep(100, undefined, { signal: controller.signal });
    await sleep(1);
    const reason = new Error('changed my mind');
    controller.abort(reason);
    const error = (await rejection(nap)) as Error & { code: string };
    expect([error.name, error.code, error.cause]).toEqual(['AbortError', 'ABORT_ERR', reason]);
    expect(nap.cancelled()).toBe(false);
    const late = sleep(0, undefined, { signal: controller.signal });
    expect((await rejection(late)).name).toBe('AbortError');
    expect(thrown(() => sleep(1, 0, { signal: {} as never })).message).toMatch(/AbortSignal/);
  }));

test('what is no duration says what was given', () =>
  runVirtual(function* () {
    expect(thrown(() => sleep(NaN))).toBeInstanceOf(RangeError);
    for (const [value, message] of [
      [undefined, /undefined is no duration/],
      [{}, /an object \(Object\) is no duration/],
      ['', /"" is no duration/],
      ['5', /"5" is no duration/],
      ['1 day', /"1 day" is no duration/],
      [5n, /bigint 5 is no duration/],
    ] as const) {
      const error = thrown(() => sleep(value as never));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(message);
    }
  }));
