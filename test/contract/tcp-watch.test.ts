/** addReader and addWriter on a FIFO, which is a descriptor that the loop does not own. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Coro, type EventLoop, getRunningLoop, run } from 'oxbow';

import { commands, testWith } from '../support/needs.ts';
import { until } from './tcp-support.ts';

function check(name: string, body: (loop: EventLoop, descriptor: number) => Coro<void>): void {
  testWith(commands('mkfifo'))(name, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'oxbow-'));
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    const descriptor = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    try {
      await run(() => body(getRunningLoop(), descriptor));
    } finally {
      closeSync(descriptor);
      rmSync(folder, { recursive: true });
    }
  });
}

check('addReader is level-triggered and passes its arguments', function* (loop, descriptor) {
  const seen: unknown[][] = [];
  const byte = Buffer.alloc(1);
  loop.addReader(
    descriptor,
    (...args: unknown[]) => {
      readSync(descriptor, byte);
      seen.push([...args, String(byte)]);
    },
    1,
    'two',
  );
  writeSync(descriptor, 'ab');
  yield* until(() => seen.length === 2);
  expect(seen).toEqual([
    [1, 'two', 'a'],
    [1, 'two', 'b'],
  ]);
  expect(loop.removeReader(descriptor)).toBe(true);
  expect(loop.removeReader(descriptor)).toBe(false);
  writeSync(descriptor, 'c');
  for (let n = 0; n < 10; n++) yield;
  expect(seen).toHaveLength(2);
});

check('a second addReader replaces the first; the writer is its own', function* (loop, descriptor) {
  const calls: string[] = [];
  loop.addReader(descriptor, () => void calls.push('first'));
  loop.addReader(descriptor, () => void calls.push('second'));
  loop.addWriter(descriptor, () => void calls.push('writer'));
  yield* until(() => calls.length >= 2);
  expect(new Set(calls)).toEqual(new Set(['writer']));
  expect(loop.removeWriter(descriptor)).toBe(true);
  calls.length = 0;
  writeSync(descriptor, 'x');
  yield* until(() => calls.length >= 2);
  expect(new Set(calls)).toEqual(new Set(['second']));
  loop.removeReader(descriptor);
});

check(
  'what a callback throws is reported and does not stop the watching',
  function* (loop, descriptor) {
    let reports = 0;
    loop.setExceptionHandler(() => void reports++);
    loop.addWriter(descriptor, () => {
      throw new Error('on purpose');
    });
    yield* until(() => reports >= 2);
    loop.removeWriter(descriptor);
  },
);

check('bad arguments', function* (loop, descriptor) {
  expect(() => loop.addReader(-1, () => {})).toThrow(RangeError);
  expect(() => loop.addReader(descriptor, 5 as never)).toThrow(/^callback/);
  expect(() => loop.addReader(100_000, () => {})).toThrow(/EBADF/);
});
