// The timer table against a model: random adds, cancels and firings, slots reused all the time.
import { VirtualLoop } from 'oxbow/testing';

/** A small generator of numbers, so that a failure can be repeated from its seed. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

test.each([1, 2, 3, 4])('random timers fire once, in order, unless cancelled (seed %i)', (seed) => {
  const random = randomFrom(seed);
  const loop = new VirtualLoop();
  const failures: unknown[] = [];
  loop.setExceptionHandler((_loop, { exception }) => {
    failures.push(exception);
    loop.stop();
  });
  const pending = new Map<number, { when: number; cancel: () => void }>();
  const fired: Array<[when: number, id: number]> = [];
  let made = 0;

  const add = (): void => {
    const id = made++;
    // Coarse times, so that many are equal.
    const when = loop.time() + Math.floor(random() * 20) / 10;
    const handle = loop.callAt(when, fire, id, when);
    pending.set(id, { when, cancel: () => handle.cancel() });
  };
  const fire = (id: number, when: number): void => {
    expect(pending.delete(id)).toBe(true);
    // Deadlines are whole nanoseconds; a double carries a little more.
    expect(loop.time()).toBeGreaterThanOrEqual(when - 1e-12);
    fired.push([when, id]);
    for (let n = 0; made < 3000 && n < 3; n++) if (random() < 0.7) add();
    for (const [other, timer] of pending) {
      if (random() < 0.9) continue;
      timer.cancel();
      pending.delete(other);
      if (random() < 0.5) break;
    }
    if (pending.size === 0) {
      if (made < 3000) add();
      else loop.stop();
    }
  };

  for (let n = 0; n < 100; n++) add();
  loop.runForeverSync();
  expect(failures).toEqual([]);
  expect(made).toBeGreaterThanOrEqual(3000);
  // Timers made later for an earlier time fire when they can; equal times keep their order.
  for (let n = 1; n < fired.length; n++) {
    const [before, after] = [fired[n - 1]!, fired[n]!];
    if (before[0] === after[0]) expect(before[1]).toBeLessThan(after[1]);
  }
  expect(loop._rings.control[6]).toBe(0);
  loop.close();
});

test('a million timers pending, all cancelled but one', () => {
  const loop = new VirtualLoop();
  const handles = Array.from({ length: 1_000_000 }, (_, n) => loop.callAt(1 + n, () => {}));
  loop.callSoon(() => loop.stop());
  loop.runForeverSync();
  handles.forEach((handle, n) => {
    if (n !== 777_777) handle.cancel();
  });
  loop.callAt(777_778, () => loop.stop());
  loop.runForeverSync();
  expect(loop.time()).toBeGreaterThanOrEqual(777_778);
  expect(handles[777_777]!.when()).toBe(777_778);
  loop.close();
});
