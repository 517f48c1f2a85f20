// Barrier, in both lanes.
import { Barrier, BrokenBarrierError, createTask, gather, sleep, waitFor } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

test('parties must be an integer of at least 1', () => {
  expect(new Barrier(2).parties).toBe(2);
  expect(new Barrier({ parties: 3 }).parties).toBe(3);
  expect(thrown(() => new Barrier(0))).toBeInstanceOf(RangeError);
  expect(thrown(() => new Barrier(1.5))).toBeInstanceOf(RangeError);
  expect(thrown(() => new Barrier('2' as never))).toBeInstanceOf(TypeError);
});

test('all go on together, with their places, and it can be used again', () =>
  runVirtual(async () => {
    const barrier = new Barrier(3);
    for (let round = 0; round < 2; round++) {
      const first = createTask(function* () {
        return yield* barrier.wait();
      });
      const second = createTask(async () => barrier.wait());
      await sleep(1);
      expect([barrier.nWaiting, first.done()]).toEqual([2, false]);
      expect(await barrier.wait()).toBe(2);
      expect(await gather(first, second)).toEqual([0, 1]);
      expect(barrier.nWaiting).toBe(0);
    }
    expect(await new Barrier(1).with(async (index) => index)).toBe(0);
  }));

test('a cancelled one only leaves', () =>
  runVirtual(async () => {
    const barrier = new Barrier(2);
    expect((await rejection(waitFor(barrier.wait(), 1))).name).toBe('TimeoutError');
    expect([barrier.nWaiting, barrier.broken]).toEqual([0, false]);
    expect(await gather(barrier.wait(), barrier.wait())).toEqual([0, 1]);
  }));

test('reset and abort', () =>
  runVirtual(async () => {
    const barrier = new Barrier(2);
    const first = barrier.wait();
    barrier.reset();
    expect(await rejection(first)).toBeInstanceOf(BrokenBarrierError);
    expect(barrier.broken).toBe(false);
    const second = barrier.wait();
    barrier.abort();
    expect(await rejection(second)).toBeInstanceOf(BrokenBarrierError);
    expect(await rejection(barrier.wait())).toBeInstanceOf(BrokenBarrierError);
    expect([barrier.broken, barrier.nWaiting]).toEqual([true, 0]);
    barrier.reset();
    expect(await gather(barrier.wait(), barrier.wait())).toEqual([0, 1]);
  }));

test('reset and abort may be awaited, as in asyncio, also outside of a loop', async () => {
  const barrier = new Barrier(2);
  await barrier.abort();
  expect(barrier.broken).toBe(true);
  expect(await barrier.reset()).toBe(undefined);
  await runVirtual(function* () {
    yield* barrier.abort();
    yield* createTask(barrier.reset());
    yield* gather(barrier.reset(), sleep(1));
    expect(barrier.broken).toBe(false);
  });
});
