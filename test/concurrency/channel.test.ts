// Channel: many producers, ends with the last sender; in both lanes.
import { Channel, ChannelClosed, createTask, sleep, waitFor } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

test('ends when the last sender closes; async iteration', () =>
  runVirtual(async () => {
    const channel = new Channel<number>({ maxsize: 2 });
    const produce = (from: number) => {
      const sender = channel.sender();
      return createTask(function* () {
        for (let n = from; n < from + 5; n++) yield* sender.send(n);
        sender.close();
      });
    };
    const tasks = [produce(0), produce(100)];
    const got: number[] = [];
    for await (const item of channel) got.push(item);
    expect(got.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 100, 101, 102, 103, 104]);
    for (const task of tasks) await task;
    expect(channel.closed).toBe(true);
    expect(await rejection(channel.receive())).toBeInstanceOf(ChannelClosed);
    expect(thrown(() => channel.sender())).toBeInstanceOf(ChannelClosed);
  }));

test('the generator lane iterates with next()', () =>
  runVirtual(function* () {
    const channel = new Channel<string>(3);
    const sender = channel.sender();
    const other = sender.clone();
    sender.sendNowait('a');
    other.sendNowait('b');
    sender.close();
    sender.close();
    createTask(function* () {
      yield* sleep(1);
      yield* other.send('c');
      other[Symbol.dispose]();
    });
    const got: string[] = [];
    let step;
    while (!(step = yield* channel.next()).done) got.push(step.value);
    expect(got).toEqual(['a', 'b', 'c']);
  }));

test('closing the receiver fails the senders', () =>
  runVirtual(async () => {
    const channel = new Channel<number>();
    const sender = channel.sender();
    await sender.send(1);
    const waiting = sender.send(2);
    channel.close();
    expect(await rejection(waiting)).toBeInstanceOf(ChannelClosed);
    expect(await rejection(sender.send(3))).toBeInstanceOf(ChannelClosed);
    sender.close();
    expect(await rejection(sender.send(4))).toBeInstanceOf(ChannelClosed);
    expect(thrown(() => sender.sendNowait(5))).toBeInstanceOf(ChannelClosed);
    expect(thrown(() => new Channel(0))).toBeInstanceOf(RangeError);
  }));

test('a cancelled step loses nothing', () =>
  runVirtual(function* () {
    const channel = new Channel<string>();
    const sender = channel.sender();
    const task = createTask(function* () {
      yield* channel.next();
    });
    yield* sleep(1);
    sender.sendNowait('item');
    task.cancel();
    yield* sleep(1);
    expect(task.cancelled()).toBe(true);
    expect(yield* waitFor(channel.receive(), 1)).toBe('item');
  }));
