// Observers of the dispatch: what they are told, in which order, and that several go together.
import type { AbstractEventLoop } from 'oxbow';
import { createTask, getRunningLoop, sleep } from 'oxbow';
import { runVirtual } from 'oxbow/testing';
import { addObserver } from '#lib/core/observe/observe.js';
import type { Observer } from '#lib/core/contract/observer.js';

import { withLoop } from '../support/outcomes.ts';

function noting(name: string, told: string[]): Observer {
  return {
    begin: () => told.push(`${name} begin`),
    end: () => told.push(`${name} end`),
  };
}

test('an observer hears of each entry before and after it, with its times', () =>
  withLoop((loop) => {
    const told: unknown[] = [];
    addObserver(loop, {
      begin: (item, on, start) => told.push(['begin', item === handle, on === loop, start]),
      end: (item, on, start, end) => told.push(['end', item === handle, on === loop, start, end]),
    });
    const handle = loop.callLater(2, () => {
      told.push('runs');
      loop.stop();
    });
    loop.runForeverSync();
    expect(told).toEqual([['begin', true, true, 2], 'runs', ['end', true, true, 2, 2]]);
  }));

test('several observers are told in turn, and each can go on its own', () =>
  withLoop((loop) => {
    const told: string[] = [];
    const once = (): void => {
      loop.callSoon(() => loop.stop());
      loop.runForeverSync();
    };
    const removeFirst = addObserver(loop, noting('a', told));
    const removeSecond = addObserver(loop, noting('b', told));
    once();
    expect(told.splice(0)).toEqual(['a begin', 'b begin', 'a end', 'b end']);
    removeFirst();
    removeFirst();
    once();
    expect(told.splice(0)).toEqual(['b begin', 'b end']);
    removeSecond();
    once();
    expect(told).toEqual([]);
  }));

test('an observer that comes or goes inside of an entry hears of whole entries only', () =>
  withLoop((loop) => {
    const told: string[] = [];
    let remove = (): void => {};
    loop.callSoon(() => {
      remove = addObserver(loop, noting('a', told));
    });
    loop.callSoon(() => remove());
    loop.callSoon(() => loop.stop());
    loop.runForeverSync();
    expect(told).toEqual(['a begin', 'a end']);
  }));

test('an entry that throws has an end, and the next one runs', () =>
  withLoop((loop) => {
    const told: string[] = [];
    loop.setExceptionHandler(() => told.push('handler'));
    addObserver(loop, noting('a', told));
    loop.callSoon(() => {
      throw new Error('x');
    });
    loop.callSoon(() => loop.stop());
    loop.runForeverSync();
    expect(told).toEqual(['a begin', 'handler', 'a end', 'a begin', 'a end']);
  }));

test('debug mode goes on when the last observer has gone, and ends with setDebug', () =>
  withLoop((loop) => {
    const told: string[] = [];
    loop.setDebug(true);
    addObserver(loop, noting('a', told))();
    expect((loop as unknown as { _observed: boolean })._observed).toBe(true);
    loop.setDebug(false);
    expect((loop as unknown as { _observed: boolean })._observed).toBe(false);
  }));

test('turns, tasks and their ends are told to observers that ask for them', () =>
  runVirtual(function* () {
    const loop: AbstractEventLoop = getRunningLoop();
    const told: string[] = [];
    const remove = addObserver(loop, {
      begin() {},
      end() {},
      dispatchBegins: (_loop, ready) => told.push(`turn of ${ready}`),
      dispatchEnds: () => told.push('turn ends'),
      taskCreated: (task) => told.push(`created ${task.getName()}`),
      taskDone: (task) => told.push(`done ${task.getName()} ${task.cancelled()}`),
    });
    const task = createTask(
      function* () {
        yield* sleep(1);
      },
      { name: 'a' },
    );
    const other = createTask(
      async () => {
        await sleep(9);
      },
      { name: 'b' },
    );
    yield* sleep(0.5);
    other.cancel();
    yield* task;
    remove();
    expect(told.slice(0, 4)).toEqual(['created a', 'created b', 'turn of 2', 'turn ends']);
    expect(told).toContain('done a false');
    expect(told).toContain('done b true');
    const turns = told.filter((text) => text.startsWith('turn of')).length;
    expect(told.filter((text) => text === 'turn ends').length).toBe(turns - 1);
  }));
