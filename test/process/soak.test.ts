// Two seconds of the soak (test/soak/soak.ts runs for ten minutes), and that it would notice.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { createTask, sleep } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { Grove } from '../soak/grove.ts';
import { ROOT } from '../support/root.ts';

test('random task trees with random cancellation leave nothing behind', () => {
  const seed = process.pid;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--expose-gc',
      join(ROOT, 'build/ts/test/soak/soak.js'),
      '--seconds',
      '2',
      '--seed',
      `${seed}`,
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`seed ${seed}: ${stderr}`);
  const { tasks, cancelled, failed, done, resources, heapMiB } = JSON.parse(stdout);
  expect(tasks).toBeGreaterThan(100);
  expect(cancelled + failed + done).toBe(tasks);
  expect(Math.min(cancelled, failed, done)).toBeGreaterThan(0);
  expect(resources).toEqual([]);
  expect(heapMiB[1] - heapMiB[0]).toBeLessThan(10);
});

test('connects and closes leave no descriptor, handle or memory behind', () => {
  const seed = process.pid;
  const program = join(ROOT, 'build/ts/test/soak/connections.js');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', program, '--count', '3000', '--seed', `${seed}`],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`seed ${seed}: ${stderr}`);
  const { early, late } = JSON.parse(stdout);
  // The listener is the one handle.
  expect(late).toMatchObject({
    descriptors: early.descriptors,
    handles: 1,
    references: early.references,
  });
  expect(late.heapMiB - early.heapMiB).toBeLessThan(5);
});

const limit = Number(spawnSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).stdout);
/** What Node itself has open, and to spare. */
const SPARE = 100;
const held = Math.min(15_000, (limit || 15_000 + SPARE) - SPARE);

test(`slow (seconds): ${held} connections are held at once`, () => {
  const program = join(ROOT, 'build/ts/test/soak/held.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'server', `${held}`], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  const { code, most, handles, more } = JSON.parse(stdout);
  // The listener is the one handle.
  expect({ code, most, handles }).toEqual({ code: 0, most: held, handles: 1 });
  expect(more).toBeLessThanOrEqual(0);
});

test('the soak sees a task, a lock, a permit and an item that are left', async () => {
  const counts = { tasks: 0, cancelled: 0, failed: 0, done: 0 };
  const wrong = await runVirtual(function* () {
    const grove = new Grove({ seed: 1, longest: 1, counts });
    createTask(
      function* () {
        yield* sleep(1);
      },
      { name: 'left' },
    );
    yield* grove.lock.acquire();
    yield* grove.semaphore.acquire();
    grove.queue.putNowait(1);
    return grove.check();
  });
  expect(wrong.map((text) => text.split(/[:,]/)[0])).toEqual([
    'tasks left',
    'the lock is held',
    'the semaphore has 1 of 2 permits',
    '0 put',
  ]);
});

test('the soak refuses a wrong duration and a wrong seed', () => {
  for (const wrong of [
    ['--seconds', 'x'],
    ['--seconds', '0'],
    ['--seed', '1.5'],
  ]) {
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'build/ts/test/soak/soak.js'), ...wrong],
      { encoding: 'utf8' },
    );
    expect([status, stderr.startsWith('usage: ')]).toEqual([2, true]);
  }
});
