// Futures.
import { CancelledError, Future, getRunningLoop, isFuture, sleep } from 'oxbow';
import { runVirtual, VirtualLoop } from 'oxbow/testing';

import { collectReports, rejection, thrown, withLoop } from '../support/outcomes.ts';

test('one result, once', () =>
  withLoop((loop) => {
    const future = loop.createFuture<number>();
    expect(future.done()).toBe(false);
    expect(thrown(() => future.result()).name).toBe('InvalidStateError');
    expect(thrown(() => future.exception()).message).toBe('Exception is not set.');
    future.setResult(3);
    expect([future.done(), future.cancelled(), future.result()]).toEqual([true, false, 3]);
    expect(future.exception()).toBe(null);
    expect(thrown(() => future.setResult(4)).name).toBe('InvalidStateError');
    expect(thrown(() => future.setException(new Error())).name).toBe('InvalidStateError');
    expect(future.cancel()).toBe(false);
    expect(future.getLoop()).toBe(loop);
  }));

test('an error is kept as it is; a class is instantiated; nothing is refused', () =>
  withLoop((loop) => {
    const error = new Error('bad');
    const failed = loop.createFuture();
    failed.setException(error);
    expect(failed.exception()).toBe(error);
    expect(thrown(() => failed.result())).toBe(error);
    const classed = loop.createFuture();
    classed.setException(RangeError);
    expect(classed.exception()).toBeInstanceOf(RangeError);
    const odd = loop.createFuture();
    expect(thrown(() => odd.setException(undefined))).toBeInstanceOf(TypeError);
    odd.setException('a string');
    expect(odd.exception()).toBe('a string');
  }));

test('a cancel carries its reason', () =>
  withLoop((loop) => {
    const future = loop.createFuture();
    const reason = { why: 'not needed' };
    expect(future.cancel(reason)).toBe(true);
    expect(future.cancelled()).toBe(true);
    const error = thrown(() => future.result()) as CancelledError;
    expect(error).toBeInstanceOf(CancelledError);
    expect(error.reason).toBe(reason);
    expect(thrown(() => future.exception())).toBeInstanceOf(CancelledError);
  }));

test('done callbacks are never synchronous, also on a done future; FIFO', () =>
  runVirtual(function* () {
    const future = new Future<string>();
    const order: string[] = [];
    future.addDoneCallback((done) => order.push(`1 ${done.result()}`));
    future.addDoneCallback(() => order.push('2'));
    future.setResult('x');
    expect(order).toEqual([]);
    future.addDoneCallback(() => order.push('3'));
    expect(order).toEqual([]);
    yield;
    expect(order).toEqual(['1 x', '2', '3']);
  }));

test('the same callback may be added twice; removing takes every one', () =>
  runVirtual(function* () {
    const future = new Future<void>();
    let calls = 0;
    let others = 0;
    const callback = (): void => {
      calls++;
    };
    future.addDoneCallback(callback);
    future.addDoneCallback(() => {
      others++;
    });
    future.addDoneCallback(callback);
    expect(future.removeDoneCallback(callback)).toBe(2);
    expect(future.removeDoneCallback(callback)).toBe(0);
    future.setResult();
    yield;
    expect([calls, others]).toEqual([0, 1]);
    expect(thrown(() => future.addDoneCallback(1 as never))).toBeInstanceOf(TypeError);
  }));

test('an error in a done callback is reported', () =>
  runVirtual(function* () {
    const reports = collectReports(getRunningLoop());
    const future = new Future<void>();
    future.addDoneCallback(() => {
      throw new Error('in callback');
    });
    future.setResult();
    yield;
    expect(reports.map((report) => [report.message, report.future])).toEqual([
      ['Exception in callback <anonymous>()', future],
    ]);
  }));

test('awaiting a done future does not yield', () =>
  runVirtual(function* () {
    const loop = getRunningLoop();
    let turned = false;
    loop.callSoon(() => {
      turned = true;
    });
    const future = new Future<number>();
    future.setResult(1);
    expect(yield* future).toBe(1);
    expect(yield* future).toBe(1);
    expect(turned).toBe(false);
    yield;
    expect(turned).toBe(true);
  }));

test('several tasks wait for one future and wake in order', () =>
  runVirtual(function* () {
    const loop = getRunningLoop();
    const future = new Future<string>();
    const order: string[] = [];
    const tasks = ['a', 'b', 'c'].map((name) =>
      loop.createTask(function* () {
        order.push(name + (yield* future));
      }),
    );
    yield;
    future.setResult('!');
    for (const task of tasks) yield* task;
    expect(order).toEqual(['a!', 'b!', 'c!']);
  }));

test('await works on it: results, errors, twice, and by then()', () =>
  runVirtual(async () => {
    const future = sleep(1, 'slept');
    expect(await future).toBe('slept');
    expect(await future).toBe('slept');
    const failing = new Future();
    getRunningLoop().callLater(1, () => failing.setException(new Error('late')));
    expect((await rejection(failing)).message).toBe('late');
    expect((await rejection(failing)).message).toBe('late');
    expect(await sleep(1, 2).then((value) => value + 1)).toBe(3);
    const another = new Future();
    getRunningLoop().callLater(1, () => another.setException(new Error('caught')));
    expect(await another.catch((error) => (error as Error).message)).toBe('caught');
    let finished = false;
    expect(
      await sleep(1, 5).finally(() => {
        finished = true;
      }),
    ).toBe(5);
    expect(finished).toBe(true);
  }));

test('a future needs a loop, and says which it is', () => {
  expect(thrown(() => new Future()).message).toMatch(
    /^no running event loop: new Future\(\) was called outside a coroutine/,
  );
  const loop = new VirtualLoop();
  const future = new Future({ loop });
  expect(isFuture(future)).toBe(true);
  expect(isFuture(Promise.resolve())).toBe(false);
  expect(String(future)).toBe('<Future pending>');
  future.setResult(7);
  expect(String(future)).toBe('<Future finished result=7>');
  loop.close();
});

test('a subclass of Future works in both lanes', () =>
  runVirtual(async () => {
    class Mine extends Future<number> {}
    const mine = new Mine();
    getRunningLoop().callSoon(() => mine.setResult(1));
    expect(await mine).toBe(1);
  }));
