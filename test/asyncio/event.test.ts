// Event, in both lanes.
import { createTask, Event, sleep, waitFor } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection } from '../support/outcomes.ts';

test('wait gives true, at once when it is set', () =>
  runVirtual(function* () {
    const event = new Event();
    expect(event.isSet()).toBe(false);
    event.set();
    event.set();
    expect(event.isSet()).toBe(true);
    expect(yield* event.wait()).toBe(true);
    event.clear();
    expect(event.wait().done()).toBe(false);
  }));

test('set and clear at once still wake those who wait', () =>
  runVirtual(async () => {
    const event = new Event();
    const order: string[] = [];
    const tasks = [
      createTask(function* () {
        yield* event.wait();
        order.push('a');
      }),
      createTask(async () => {
        await event.wait();
        order.push('b');
      }),
    ];
    await sleep(1);
    expect(String(event)).toBe('<Event [unset, waiters:2]>');
    event.set();
    event.clear();
    for (const task of tasks) await task;
    expect(order).toEqual(['a', 'b']);
    expect(event.isSet()).toBe(false);
  }));

test('waits that time out leave nothing behind', () =>
  runVirtual(async () => {
    const event = new Event();
    for (let round = 0; round < 3; round++) {
      expect((await rejection(waitFor(event.wait(), 1))).name).toBe('TimeoutError');
    }
    expect(String(event)).toBe('<Event [unset]>');
    const controller = new AbortController();
    const wait = event.wait({ signal: controller.signal });
    controller.abort();
    expect((await rejection(wait)).name).toBe('AbortError');
    expect(String(event)).toBe('<Event [unset]>');
  }));
