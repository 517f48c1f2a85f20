/** What becomes of children when their loop, their task, their thread or their process ends. */
import { readFileSync } from 'node:fs';

import { createSubprocessExec, newEventLoop, run, sleep } from 'oxbow';
import { VirtualLoop } from 'oxbow/testing';

import { runChild } from './core-child.ts';
import { printed, runThreads } from './threads-child.ts';

/** Waits until no process has that number any more, not even one that has ended unreaped. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

test('a loop that is closed kills its children and leaves no zombie', async () => {
  const loop = newEventLoop();
  const pids: number[] = [];
  await loop.runUntilComplete(function* () {
    for (let n = 0; n < 20; n++) pids.push((yield* createSubprocessExec('sleep', '100')).pid);
    // One that ends, of whose end the loop does not get to hear.
    pids.push((yield* createSubprocessExec('true')).pid);
  });
  loop.close();
  await Promise.all(pids.map(gone));
});

test('a detached child may outlive its loop, and is no zombie when it ends', async () => {
  const loop = newEventLoop();
  const pid = await loop.runUntilComplete(function* () {
    return (yield* createSubprocessExec('sleep', '100', { detached: true, stdout: 'pipe' })).pid;
  });
  loop.close();
  process.kill(pid, 0);
  process.kill(pid, 'SIGTERM');
  await gone(pid);
});

test.each([0, 1, 2, 3, 5, 8, 20])(
  'a start that is cancelled after %d turns leaves no child',
  async (turns) => {
    await run(function* () {
      const { pid: marker } = yield* createSubprocessExec('true');
      const start = createSubprocessExec('sleep', '100', { stdin: 'pipe', stdout: 'pipe' });
      for (let n = 0; n < turns; n++) yield* sleep(0);
      if (!start.cancel()) {
        const child = yield* start;
        child.close();
        expect(yield* child.wait()).toBe(-9);
        return;
      }
      while (!start.done()) yield* sleep('1ms');
      expect(start.cancelled()).toBe(true);
      expect(marker).toBeGreaterThan(0);
    });
    if (process.platform !== 'linux') return;
    const children = (): string =>
      readFileSync(`/proc/self/task/${process.pid}/children`, 'latin1').trim();
    // Those of a loop that has gone are taken by a thread of their own, in its own time.
    while (children() !== '') await new Promise((resolve) => setImmediate(resolve));
    expect(children()).toBe('');
  },
);

test('runSync has children as well', async () => {
  const ended = await runChild(`
    import { createSubprocessExec, runSync } from 'oxbow';
    console.log(runSync(function* () {
      const child = yield* createSubprocessExec('cat', { stdin: 'pipe', stdout: 'pipe' });
      const [stdout] = yield* child.communicate('x'.repeat(1e6), { timeout: 20 });
      const killed = yield* createSubprocessExec('sleep', '100');
      killed.kill({ after: '1h' });
      return [stdout.length, child.returncode, yield* killed.wait()].join(' ');
    }));`);
  expect(ended).toEqual({ code: 0, signal: null, stdout: '1000000 0 -15\n', stderr: '' });
});

test('a worker that is terminated takes its children with it', async () => {
  const ended = await runThreads(
    `
    const worker = start();
    const pids = await message(worker);
    await worker.terminate();
    for (const pid of pids) {
      for (;;) {
        try { process.kill(pid, 0); } catch { break; }
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
    console.log(pids.length);`,
    `
    const { createSubprocessExec } = await import('OXBOW');
    await run(function* () {
      const pids = [];
      for (let n = 0; n < 5; n++) {
        pids.push((yield* createSubprocessExec('sleep', '100', { stdout: 'pipe' })).pid);
      }
      parentPort.postMessage(pids);
      yield* sleep('1h');
    });`,
  );
  expect(ended).toEqual(printed('5\n'));
});

test('a loop in virtual time has no processes, and says so', async () => {
  const loop = new VirtualLoop();
  await expect(loop.runUntilComplete(() => createSubprocessExec('true') as never)).rejects.toThrow(
    'createSubprocessExec(): a loop in virtual time has no processes',
  );
  loop.close();
});
