// Watch: the latest value, and waiting for a newer one; in both lanes.
import { ChannelClosed, createTask, gather, sleep, Watch } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

test('get, set, update; changed waits for a value newer than the one seen', () =>
  runVirtual(function* () {
    const watch = new Watch(1);
    const receiver = watch.subscribe();
    expect([watch.get(), receiver.get(), receiver.hasChanged()]).toEqual([1, 1, false]);
    const waiting = createTask(function* () {
      return yield* receiver.changed();
    });
    yield* sleep(1);
    expect(waiting.done()).toBe(false);
    watch.set(2);
    watch.set(3);
    expect(yield* waiting).toBe(3);
    expect(receiver.hasChanged()).toBe(false);
    expect(watch.update((value) => value + 1)).toBe(4);
    expect(receiver.hasChanged()).toBe(true);
    expect(yield* receiver.changed()).toBe(4);
    expect(
      thrown(() =>
        watch.update(() => {
          throw new Error('no');
        }),
      ).message,
    ).toBe('no');
    expect(receiver.hasChanged()).toBe(false);
    watch.set(4);
    expect(receiver.hasChanged()).toBe(true);
    expect(receiver.get()).toBe(4);
    expect(receiver.hasChanged()).toBe(false);
  }));

test('iteration gives the value of now and then changes, without those in between', () =>
  runVirtual(async () => {
    const watch = new Watch('a');
    const got: string[] = [];
    const task = createTask(async () => {
      for await (const value of watch) got.push(value);
    });
    await sleep(1);
    watch.set('b');
    await sleep(1);
    watch.set('c');
    watch.set('d');
    await sleep(1);
    watch.set('e');
    watch.close();
    await task;
    expect(got).toEqual(['a', 'b', 'd', 'e']);
  }));

test('a receiver iterates over changes only; the generator lane with next()', () =>
  runVirtual(function* () {
    const watch = new Watch(0);
    const receiver = watch.subscribe();
    createTask(function* () {
      for (let n = 1; n < 4; n++) {
        yield* sleep(1);
        watch.set(n);
      }
      watch.close();
      watch.close();
    });
    const got: number[] = [];
    let step;
    while (!(step = yield* receiver.next()).done) got.push(step.value);
    expect(got).toEqual([1, 2, 3]);
    const begins = watch.subscribe({ current: true });
    expect(yield* begins.changed()).toBe(3);
  }));

test('close: the latest value is still seen, then changed throws; get goes on', () =>
  runVirtual(async () => {
    const watch = new Watch(1);
    const receiver = watch.subscribe();
    watch.set(2);
    const next = rejection(watch.changed());
    await sleep(1);
    watch.close();
    expect(await next).toBeInstanceOf(ChannelClosed);
    expect(await receiver.changed()).toBe(2);
    expect(await rejection(receiver.changed())).toBeInstanceOf(ChannelClosed);
    expect(await receiver.next()).toEqual({ done: true, value: undefined });
    expect([watch.get(), receiver.get(), watch.closed]).toEqual([2, 2, true]);
    expect(thrown(() => watch.set(3))).toBeInstanceOf(ChannelClosed);
    expect(thrown(() => watch.update(() => 3))).toBeInstanceOf(ChannelClosed);
    expect(thrown(() => new Watch(1).update(5 as never))).toBeInstanceOf(TypeError);
  }));

for (const lane of ['generator', 'async'] as const) {
  for (const turns of [0, 1, 2, 3]) {
    test(
      `a wait cancelled ${turns} turns after the set leaves the value unseen or gives it ` +
        `(${lane})`,
      () =>
        runVirtual(function* () {
          const watch = new Watch(0);
          const receiver = watch.subscribe();
          let got = 0;
          const task = createTask<void>(
            lane === 'generator'
              ? function* () {
                  got = yield* receiver.changed();
                  yield* sleep(10);
                }
              : async () => {
                  got = await receiver.changed();
                  await sleep(10);
                },
          );
          yield* sleep(1);
          watch.set(1);
          for (let turn = 0; turn < turns; turn++) yield;
          task.cancel();
          yield* sleep(1);
          expect(task.cancelled()).toBe(true);
          expect(receiver.hasChanged()).toBe(got === 0);
        }),
    );
  }
}

test('all who wait are told; {signal} ends a wait', () =>
  runVirtual(async () => {
    const watch = new Watch('x');
    const receiver = watch.subscribe();
    const control = new AbortController();
    const aborted = rejection(receiver.changed({ signal: control.signal }));
    const both = gather(receiver.changed(), watch.changed());
    await sleep(1);
    control.abort();
    expect((await aborted).name).toBe('AbortError');
    watch.set('y');
    expect(await both).toEqual(['y', 'y']);
    watch.set('z');
    expect((await rejection(receiver.changed({ signal: control.signal }))).name).toBe('AbortError');
    expect(receiver.hasChanged()).toBe(true);
  }));
