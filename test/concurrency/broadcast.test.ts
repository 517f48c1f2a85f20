// Broadcast: every receiver gets every item; slow receivers lose items, or senders wait for them.
import {
  Broadcast,
  ChannelClosed,
  createTask,
  gather,
  LaggedError,
  QueueEmpty,
  QueueFull,
  sleep,
  waitFor,
} from 'oxbow';
import type { BroadcastReceiver } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

function* drain<T>(receiver: BroadcastReceiver<T>) {
  const got: T[] = [];
  let step;
  while (!(step = yield* receiver.next()).done) got.push(step.value);
  return got;
}

async function drainAsync<T>(receiver: BroadcastReceiver<T>): Promise<T[]> {
  const got: T[] = [];
  for await (const item of receiver) got.push(item);
  return got;
}

test('every receiver gets what was sent after it subscribed, in both lanes', () =>
  runVirtual(function* () {
    const news = new Broadcast<number>();
    expect(yield* news.send(0)).toBe(0);
    const first = createTask(drain(news.subscribe()));
    expect(yield* news.send(1)).toBe(1);
    const late = news.subscribe();
    const second = createTask(() => drainAsync(late));
    yield* sleep(1);
    expect(news.sendNowait(2)).toBe(2);
    expect(news.trySend(3)).toBe(true);
    news.close();
    expect(yield* first).toEqual([1, 2, 3]);
    expect(yield* second).toEqual([2, 3]);
    expect(news.qsize()).toBe(0);
  }));

test('a receiver that lags loses the oldest, is told once how many, and goes on', () =>
  runVirtual(function* () {
    const news = new Broadcast<number>({ maxsize: 2 });
    const slow = news.subscribe();
    const skipping = news.subscribe({ lagged: 'skip' });
    for (let n = 0; n < 5; n++) news.sendNowait(n);
    expect(slow.lagged).toBe(3);
    expect(slow.qsize()).toBe(2);
    const error = thrown(() => slow.receiveNowait()) as LaggedError;
    expect(error).toBeInstanceOf(LaggedError);
    expect([error.name, error.lagged]).toEqual(['LaggedError', 3]);
    expect(slow.receiveNowait()).toBe(3);
    expect(yield* slow.receive()).toBe(4);
    expect(thrown(() => slow.receiveNowait())).toBeInstanceOf(QueueEmpty);
    expect(yield* skipping.receive()).toBe(3);
    expect(skipping.lagged).toBe(3);
    news.close();
    expect(yield* drain(skipping)).toEqual([4]);
    expect(skipping.lagged).toBe(3);
  }));

test('an iteration throws LaggedError and can be begun again', () =>
  runVirtual(async () => {
    const news = new Broadcast<number>(1);
    const receiver = news.subscribe();
    for (let n = 0; n < 3; n++) news.sendNowait(n);
    expect(await rejection(drainAsync(receiver))).toBeInstanceOf(LaggedError);
    news.close();
    expect(await drainAsync(receiver)).toEqual([2]);
  }));

test('overflow wait: senders wait for the slowest receiver, first come first served', () =>
  runVirtual(function* () {
    const news = new Broadcast<string>({ maxsize: 1, overflow: 'wait' });
    const quick = news.subscribe();
    const slow = news.subscribe();
    yield* news.send('a');
    const sends = [news.send('b'), news.send('c')];
    expect(quick.receiveNowait()).toBe('a');
    expect(news.trySend('x')).toBe(false);
    expect(thrown(() => news.sendNowait('x'))).toBeInstanceOf(QueueFull);
    yield* sleep(1);
    expect(sends.map((send) => send.done())).toEqual([false, false]);
    expect(slow.receiveNowait()).toBe('a');
    expect(yield* sends[0]!).toBe(2);
    expect([yield* quick.receive(), yield* slow.receive()]).toEqual(['b', 'b']);
    expect(yield* sends[1]!).toBe(2);
    expect([yield* quick.receive(), yield* slow.receive()]).toEqual(['c', 'c']);
  }));

test('overflow wait: closing the slow receiver lets every sender go on', () =>
  runVirtual(function* () {
    const news = new Broadcast<number>({ maxsize: 1, overflow: 'wait' });
    const slow = news.subscribe();
    yield* news.send(1);
    const sends = [1, 2, 3].map((n) =>
      createTask(function* () {
        return yield* news.send(n);
      }),
    );
    yield* sleep(1);
    slow.close();
    slow.close();
    expect(yield* gather(sends)).toEqual([0, 0, 0]);
    expect(news.receivers).toBe(0);
    expect(yield* rejectionOf(slow.receive())).toBeInstanceOf(ChannelClosed);
  }));

test('ends with its last sender; waiting receivers hear of it', () =>
  runVirtual(function* () {
    const news = new Broadcast<number>();
    const task = createTask(drain(news.subscribe()));
    const waiting = createTask(() => rejection(news.subscribe().receive()));
    const sender = news.sender();
    const other = sender.clone();
    yield* sleep(1);
    sender.close();
    sender.close();
    expect(news.closed).toBe(false);
    yield* sleep(1);
    other[Symbol.dispose]();
    expect(news.closed).toBe(true);
    expect(yield* task).toEqual([]);
    expect(yield* waiting).toBeInstanceOf(ChannelClosed);
    expect(thrown(() => news.subscribe())).toBeInstanceOf(ChannelClosed);
    expect(thrown(() => news.sendNowait(1))).toBeInstanceOf(ChannelClosed);
    expect(thrown(() => news.trySend(1))).toBeInstanceOf(ChannelClosed);
    expect(thrown(() => news.sender())).toBeInstanceOf(ChannelClosed);
    expect(yield* rejectionOf(news.send(1))).toBeInstanceOf(ChannelClosed);
  }));

test('close fails the senders that wait', () =>
  runVirtual(function* () {
    const news = new Broadcast<number>({ maxsize: 1, overflow: 'wait' });
    const receiver = news.subscribe();
    const sender = news.sender();
    yield* sender.send(1);
    const waiting = sender.send(2);
    expect(sender.trySend(3)).toBe(false);
    news.close();
    expect(yield* rejectionOf(waiting)).toBeInstanceOf(ChannelClosed);
    expect(yield* drain(receiver)).toEqual([1]);
  }));

test('{signal} aborts a wait, also one that has aborted before', () =>
  runVirtual(async () => {
    const news = new Broadcast<number>({ maxsize: 1, overflow: 'wait' });
    const receiver = news.subscribe();
    const control = new AbortController();
    const receiving = receiver.receive({ signal: control.signal });
    await sleep(1);
    control.abort('enough');
    expect((await rejection(receiving)).name).toBe('AbortError');
    const { signal } = control;
    expect((await rejection(news.send(1, { signal }))).cause).toBe('enough');
    expect(news.qsize()).toBe(0);
    await news.send(2);
    expect((await rejection(receiver.receive({ signal }))).name).toBe('AbortError');
    expect((await rejection(receiver.next({ signal }))).name).toBe('AbortError');
    expect(await receiver.receive()).toBe(2);
  }));

for (const lane of ['generator', 'async'] as const) {
  for (const turns of [0, 1, 2, 3]) {
    test(`a receiver cancelled ${turns} turns after the send loses nothing (${lane})`, () =>
      runVirtual(function* () {
        const news = new Broadcast<number>();
        const receiver = news.subscribe();
        const got: number[] = [];
        const task = createTask<void>(
          lane === 'generator'
            ? function* () {
                for (;;) got.push((yield* receiver.next()).value!);
              }
            : async () => {
                for await (const item of receiver) got.push(item);
              },
        );
        yield* sleep(1);
        for (let n = 0; n < 3; n++) news.sendNowait(n);
        for (let turn = 0; turn < turns; turn++) yield;
        task.cancel();
        yield* sleep(1);
        expect(task.cancelled()).toBe(true);
        news.close();
        got.push(...(yield* drain(receiver)));
        expect(got).toEqual([0, 1, 2]);
      }));

    test(`a sender cancelled ${turns} turns after room was made sends once or never (${lane})`, () =>
      runVirtual(function* () {
        const news = new Broadcast<string>({ maxsize: 1, overflow: 'wait' });
        const receiver = news.subscribe();
        yield* news.send('first');
        let sent = false;
        const task = createTask<void>(
          lane === 'generator'
            ? function* () {
                yield* news.send('second');
                sent = true;
                yield* sleep(10);
              }
            : async () => {
                await news.send('second');
                sent = true;
                await sleep(10);
              },
        );
        yield* sleep(1);
        const third = news.send('third');
        expect(receiver.receiveNowait()).toBe('first');
        for (let turn = 0; turn < turns; turn++) yield;
        task.cancel();
        yield* sleep(1);
        if (sent) expect(yield* receiver.receive()).toBe('second');
        expect(yield* waitFor(third, 1)).toBe(1);
        expect(yield* receiver.receive()).toBe('third');
        expect(receiver.qsize()).toBe(0);
      }));
  }
}

test('two tasks on one receiver share its items; a cancelled one passes its item on', () =>
  runVirtual(function* () {
    const news = new Broadcast<string>();
    const receiver = news.subscribe();
    const first = createTask(function* () {
      return yield* receiver.receive();
    });
    const second = createTask(function* () {
      return yield* receiver.receive();
    });
    yield* sleep(1);
    news.sendNowait('item');
    first.cancel();
    expect(yield* waitFor(second, 1)).toBe('item');
  }));

test('a receiver closed while items are promised ends its waits', () =>
  runVirtual(function* () {
    const news = new Broadcast<string>();
    const receiver = news.subscribe();
    const task = createTask(function* () {
      return yield* receiver.next();
    });
    yield* sleep(1);
    news.sendNowait('item');
    receiver.close();
    expect(yield* task).toEqual({ done: true, value: undefined });
    expect(news.qsize()).toBe(0);
  }));

test('fifty receivers and a thousand items, nothing kept at the end', () =>
  runVirtual(function* () {
    const news = new Broadcast<number>({ maxsize: 50, overflow: 'wait' });
    const readers = Array.from({ length: 50 }, () => {
      const receiver = news.subscribe();
      return createTask(function* () {
        let sum = 0;
        let step;
        while (!(step = yield* receiver.next()).done) sum += step.value;
        return sum;
      });
    });
    for (let n = 0; n < 1000; n++) yield* news.send(n);
    news.close();
    expect(new Set(yield* gather(readers))).toEqual(new Set([999 * 500]));
    expect(news.qsize()).toBe(0);
  }));

test('wrong options are refused by name', () =>
  runVirtual(function* () {
    for (const maxsize of [0, -1, 1.5, NaN]) {
      expect(thrown(() => new Broadcast({ maxsize }))).toBeInstanceOf(RangeError);
    }
    expect(thrown(() => new Broadcast('5' as never)).message).toContain('maxsize must be a number');
    expect(thrown(() => new Broadcast({ overflow: 'drop' as never })).message).toBe(
      "Broadcast: overflow must be 'lag' or 'wait', got 'drop'",
    );
    expect(thrown(() => new Broadcast().subscribe({ lagged: 1 as never })).message).toBe(
      "subscribe(): lagged must be 'throw' or 'skip', got 1",
    );
  }));

function* rejectionOf(future: { [Symbol.iterator](): any }) {
  try {
    yield* future as any;
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
