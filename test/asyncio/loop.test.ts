// The turn: what runs when.
import { inspect } from 'node:util';

import {
  EventLoop,
  getEventLoop,
  getRunningLoop,
  KeyboardInterrupt,
  newEventLoop,
  setEventLoop,
  setEventLoopFactory,
  sleep,
  Task,
} from 'oxbow';
import { VirtualLoop } from 'oxbow/testing';

import { collectReports, rejection, thrown, withLoop } from '../support/outcomes.ts';

test('callSoon runs first in, first out', () =>
  withLoop((loop) => {
    const order: unknown[] = [];
    for (let n = 0; n < 5; n++) loop.callSoon((value) => order.push(value), n);
    loop.callSoon(() => loop.stop());
    loop.runForeverSync();
    expect(order).toEqual([0, 1, 2, 3, 4]);
  }));

test('what a turn schedules runs in the next turn, after what was ready', () =>
  withLoop((loop) => {
    const order: string[] = [];
    loop.callSoon(() => {
      order.push('first');
      loop.callSoon(() => order.push('later'));
      loop.callSoon(() => loop.stop());
    });
    loop.callSoon(() => order.push('second'));
    loop.runForeverSync();
    expect(order).toEqual(['first', 'second', 'later']);
  }));

test('timers of one deadline fire in the order they were made', () =>
  withLoop((loop) => {
    const order: number[] = [];
    for (let n = 0; n < 50; n++) loop.callAt(7, () => order.push(n));
    loop.callAt(8, () => loop.stop());
    loop.runForeverSync();
    expect(order).toEqual(Array.from({ length: 50 }, (_, n) => n));
  }));

test('timers fire by deadline; negative delays act as 0, in deadline order', () =>
  withLoop((loop) => {
    const order: string[] = [];
    loop.callLater(2, () => order.push('2'));
    loop.callLater('1s', () => order.push('1'));
    loop.callLater(-1, () => order.push('-1'));
    loop.callLater(-2, () => order.push('-2'));
    loop.callLater('3000ms', () => loop.stop());
    loop.runForeverSync();
    expect(order).toEqual(['-2', '-1', '1', '2']);
    expect(loop.time()).toBeGreaterThanOrEqual(3);
  }));

test('cancelled timers never fire, however many there are', () =>
  withLoop((loop) => {
    let fired = 0;
    const handles = Array.from({ length: 5000 }, (_, n) => loop.callLater(1 + n, () => fired++));
    handles.forEach((handle, n) => {
      if (n % 5 !== 0) handle.cancel();
    });
    loop.callLater(6000, () => loop.stop());
    loop.runForeverSync();
    expect(fired).toBe(1000);
  }));

test('a chain of callSoon does not starve a timer', () =>
  withLoop((loop) => {
    let rounds = 0;
    loop.callAt(0, () => loop.stop());
    const again = (): void => {
      rounds++;
      loop.callSoon(again);
    };
    loop.callSoon(again);
    loop.runForeverSync();
    expect(rounds).toBeLessThan(5);
  }));

test('a handle cancelled in the same batch does not run', () =>
  withLoop((loop) => {
    let ran = false;
    loop.callSoon(() => second.cancel());
    const second = loop.callSoon(() => {
      ran = true;
    });
    loop.callSoon(() => loop.stop());
    loop.runForeverSync();
    expect(ran).toBe(false);
    expect(second.cancelled()).toBe(true);
  }));

test('a timer cancelled by a timer of the same batch does not run', () =>
  withLoop((loop) => {
    let ran = false;
    loop.callAt(1, () => second.cancel());
    const second = loop.callAt(1, () => {
      ran = true;
    });
    loop.callAt(1, () => loop.stop());
    loop.runForeverSync();
    expect(ran).toBe(false);
    // The slot is usable again.
    let again = 0;
    loop.callLater(1, () => {
      again++;
      loop.stop();
    });
    loop.runForeverSync();
    expect(again).toBe(1);
  }));

test('stop() before the run means exactly one turn that does not wait', () =>
  withLoop((loop) => {
    const order: string[] = [];
    loop.callLater(100, () => order.push('timer'));
    loop.callSoon(() => {
      order.push('first turn');
      loop.callSoon(() => order.push('second turn'));
    });
    loop.stop();
    loop.runForeverSync();
    expect(order).toEqual(['first turn']);
    expect(loop.time()).toBeLessThan(100);
    loop.stop();
    loop.runForeverSync();
    expect(order).toEqual(['first turn', 'second turn']);
  }));

test('stop() lets the batch finish', () =>
  withLoop((loop) => {
    const order: string[] = [];
    loop.callSoon(() => {
      loop.stop();
      order.push('stopper');
    });
    loop.callSoon(() => order.push('after'));
    loop.runForeverSync();
    expect(order).toEqual(['stopper', 'after']);
  }));

test('more than 100,000 callbacks and timers of one turn all run, in order', () =>
  withLoop((loop) => {
    const many = 150_000;
    let callbacks = 0;
    let timers = 0;
    loop.callSoon(() => {
      for (let n = 0; n < many; n++) {
        loop.callSoon((place) => {
          if (place === callbacks) callbacks++;
        }, n);
        loop.callAt(
          1,
          (place) => {
            if (place === timers) timers++;
          },
          n,
        );
      }
    });
    loop.callAt(2, () => loop.stop());
    loop.runForeverSync();
    expect([callbacks, timers]).toEqual([many, many]);
  }));

test('an exception in a callback goes to the handler and the loop goes on', () =>
  withLoop((loop) => {
    const reports = collectReports(loop);
    const error = new Error('broken');
    const handle = loop.callSoon(function broken() {
      throw error;
    });
    loop.callSoon(() => loop.stop());
    loop.runForeverSync();
    expect(reports).toEqual([
      { message: 'Exception in callback broken()', exception: error, handle },
    ]);
  }));

test('callbacks must be functions, times must be durations', () =>
  withLoop((loop) => {
    expect(thrown(() => loop.callSoon(undefined as never)).message).toMatch(/expected by callSoon/);
    expect(thrown(() => loop.callLater(NaN, () => {}))).toBeInstanceOf(RangeError);
    expect(thrown(() => loop.callLater(null as never, () => {})).message).toMatch(/no duration/);
    expect(thrown(() => loop.callLater('5 parsecs', () => {})).message).toMatch(/"5 parsecs"/);
    expect(thrown(() => loop.callAt('1s' as never, () => {}))).toBeInstanceOf(TypeError);
    expect(() => loop.callLater(Infinity, () => {}).cancel()).not.toThrow();
  }));

test('a closed loop takes nothing; close is idempotent and refused while running', async () => {
  const loop = new VirtualLoop();
  loop.callSoon(() => {
    expect(thrown(() => loop.close()).message).toMatch(/running/);
    expect(thrown(() => loop.runForeverSync()).message).toBe('This event loop is already running');
    loop.stop();
  });
  await loop.runForever();
  loop.close();
  loop.close();
  expect(loop.isClosed()).toBe(true);
  for (const use of [
    () => loop.callSoon(() => {}),
    () => loop.callLater(1, () => {}),
    () => loop.createTask(function* () {}),
    () => loop.runForeverSync(),
  ]) {
    expect(thrown(use).message).toBe('Event loop is closed');
  }
  const error = await rejection(loop.runUntilComplete(function* () {}));
  expect(error.message).toBe('Event loop is closed');
});

test('close reports tasks that are not done', () => {
  const loop = new VirtualLoop();
  const reports = collectReports(loop);
  const task = loop.createTask(function* () {
    yield* sleep(1);
  });
  loop.close();
  expect(reports.map((report) => report.message)).toEqual([
    'Task was destroyed but it is pending!',
  ]);
  // By identity: comparing deeply would iterate over the task, which never ends.
  expect(reports[0]!.task === task).toBe(true);
});

test('runUntilComplete gives the result, and complains when stop() came first', async () => {
  const loop = new VirtualLoop();
  expect(
    await loop.runUntilComplete(function* () {
      return yield* sleep(1, 'slept');
    }),
  ).toBe('slept');
  expect(loop.runUntilCompleteSync(sleepOn(loop))).toBe('sync');
  loop.callSoon(() => loop.stop());
  const error = await rejection(loop.runUntilComplete(loop.createFuture()));
  expect(error.message).toBe('Event loop stopped before Future completed.');
  loop.close();
});

function sleepOn(loop: VirtualLoop) {
  const future = loop.createFuture<string>();
  loop.callLater(1, () => future.setResult('sync'));
  return future;
}

test('a future that is done already ends runUntilComplete at once', async () => {
  const loop = new VirtualLoop();
  const future = loop.createFuture<number>();
  future.setResult(5);
  expect(await loop.runUntilComplete(future)).toBe(5);
  loop.close();
});

test('no other loop can be run from inside one', () =>
  withLoop((loop) => {
    const other = new VirtualLoop();
    const message = loop.runUntilCompleteSync(function* () {
      return thrown(() => other.runUntilCompleteSync(function* () {})).message;
    });
    expect(message).toBe('Cannot run the event loop while another loop is running');
    other.close();
  }));

test('the running loop, the set loop, and neither', async () => {
  expect(thrown(() => getRunningLoop()).message).toBe('no running event loop');
  expect(thrown(() => getEventLoop()).message).toBe('There is no current event loop');
  const loop = new VirtualLoop();
  setEventLoop(loop);
  expect(getEventLoop()).toBe(loop);
  setEventLoop(null);
  await loop.runUntilComplete(function* () {
    expect(getRunningLoop()).toBe(loop);
    expect(getEventLoop()).toBe(loop);
  });
  loop.close();
});

test('newEventLoop takes a driver, and a factory takes its place', () => {
  const loop = newEventLoop({ driver: 'virtual' });
  expect(loop.driver).toBe('virtual');
  loop.close();
  expect(() => newEventLoop({ driver: 'windmill' })).toThrow(/windmill/);
  const mine = new VirtualLoop();
  setEventLoopFactory(() => mine);
  expect(newEventLoop()).toBe(mine);
  setEventLoopFactory(null);
  expect(() => setEventLoopFactory(5 as never)).toThrow(TypeError);
  mine.close();
});

test('a loop prints as its state, not as its memory', () => {
  const loop = new VirtualLoop();
  const printed: string[] = [];
  loop.callSoon(() => {
    printed.push(inspect(loop));
    loop.stop();
  });
  loop.runForeverSync();
  loop.setDebug(true);
  loop.close();
  printed.push(`${loop}`);
  expect(printed).toEqual([
    '<VirtualLoop running=true closed=false debug=false>',
    '<VirtualLoop running=false closed=true debug=true>',
  ]);
});

test('a closed loop takes no task, also from the class itself', () => {
  const loop = new VirtualLoop();
  loop.close();
  const error = thrown(() => new Task(function* () {}, { loop }));
  expect([error.name, error.message]).toEqual(['RuntimeError', 'Event loop is closed']);
});

test.each(['auto', 'virtual'])('time does not go back when the loop is closed (%s)', (driver) => {
  const loop = newEventLoop({ driver }) as EventLoop;
  loop.runUntilCompleteSync(() => sleep(0.001));
  const before = loop.time();
  loop.close();
  expect(before).toBeGreaterThan(0);
  expect(loop.time()).toBeGreaterThanOrEqual(before);
});

test('a run that Ctrl-C has ended leaves no stop behind for the next', async () => {
  const loop = new VirtualLoop();
  const interrupted = function* (): Generator<any, void> {
    throw new KeyboardInterrupt();
  };
  expect(thrown(() => loop.runUntilCompleteSync(interrupted)).name).toBe('KeyboardInterrupt');
  expect(loop.runUntilCompleteSync(() => sleep(1, 'first'))).toBe('first');
  expect((await rejection(loop.runUntilComplete(interrupted))).name).toBe('KeyboardInterrupt');
  expect(await loop.runUntilComplete(() => sleep(1, 'second'))).toBe('second');
  const given = new KeyboardInterrupt();
  expect(
    loop.runUntilCompleteSync(function* () {
      return given;
    }),
  ).toBe(given);
  const future = loop.createFuture();
  loop.callLater(1, () => future.setException(given));
  expect(await rejection(loop.runUntilComplete(future))).toBe(given);
  loop.close();
});
