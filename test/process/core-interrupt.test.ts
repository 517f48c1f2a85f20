// Ctrl-C.
import { runChild } from './core-child.ts';

/** Sends SIGINT each time one of the words appears in the output. */
function interruptAt(...words: string[]): (pid: number, stdout: string) => void {
  return (pid, stdout) => {
    if (words.length > 0 && stdout.includes(words[0]!)) {
      words.shift();
      process.kill(pid, 'SIGINT');
    }
  };
}

test('the first cancels main, and run rejects with KeyboardInterrupt', async () => {
  for (const main of [
    `function* () {
       try { console.log('up'); yield* sleep('1h'); } finally { console.log('cleaned'); } }`,
    `async () => {
       try { console.log('up'); await sleep('1h'); } finally { console.log('cleaned'); } }`,
  ]) {
    const ended = await runChild(
      `
      import { run, sleep } from 'oxbow';
      await run(${main}).catch((error) => { console.log(error.name); process.exit(130); });`,
      interruptAt('up'),
    );
    expect(ended).toEqual({
      code: 130,
      signal: null,
      stdout: 'up\ncleaned\nKeyboardInterrupt\n',
      stderr: '',
    });
  }
});

test('a main that refuses the first goes on with what it returns', async () => {
  const ended = await runChild(
    `
    import { run, sleep } from 'oxbow';
    console.log(await run(function* () {
      try { console.log('up'); yield* sleep('1h'); } catch { return 'summary so far'; }
    }));
    console.log(process.listenerCount('SIGINT'));`,
    interruptAt('up'),
  );
  expect(ended).toEqual({
    code: 0,
    signal: null,
    stdout: 'up\nsummary so far\n0\n',
    stderr: '',
  });
});

test('the second ends the loop at once', async () => {
  const ended = await runChild(
    `
    import { run, sleep } from 'oxbow';
    await run(function* () {
      for (let n = 1; ; n++) {
        try { console.log('wait ' + n); yield* sleep('1h'); } catch {}
      }
    }).catch((error) => console.log(error.name));`,
    interruptAt('wait 1', 'wait 2'),
  );
  expect([ended.code, ended.signal, ended.stdout]).toEqual([
    0,
    null,
    'wait 1\nwait 2\nKeyboardInterrupt\n',
  ]);
});

test("with a listener of the user's own, it is left to that", async () => {
  const ended = await runChild(
    `
    import { getRunningLoop, run } from 'oxbow';
    await run(function* () {
      const future = getRunningLoop().createFuture();
      getRunningLoop().callLater('1h', () => {});
      process.on('SIGINT', () => future.setResult());
    }, {});
    const { sleep } = await import('oxbow');
    await run(function* () {
      const nap = sleep('1h');
      process.on('SIGINT', () => { console.log('mine'); nap.cancel(); });
      console.log('up');
      try { yield* nap; } catch (error) { console.log(error.name); }
    });
    process.exit(0);`,
    interruptAt('up'),
  );
  expect(ended).toEqual({
    code: 0,
    signal: null,
    stdout: 'up\nmine\nCancelledError\n',
    stderr: '',
  });
});

test('KeyboardInterrupt thrown by a callback ends the run', async () => {
  const ended = await runChild(`
    import { getRunningLoop, KeyboardInterrupt, run, runSync, sleep } from 'oxbow';
    const main = function* () {
      getRunningLoop().callSoon(() => { throw new KeyboardInterrupt('enough'); });
      yield* sleep('1h');
    };
    await run(main).catch((error) => console.log(error.name, error.message));
    try { runSync(main); } catch (error) { console.log(error.name, error.message); }`);
  expect([ended.code, ended.stdout]).toEqual([
    0,
    'KeyboardInterrupt enough\nKeyboardInterrupt enough\n',
  ]);
});

/** The same for a main that owns the thread, where Node hears of no signal before its end. */
const OWNING = {
  runSync: 'runSync(main);',
  'Runner.runSync': 'const runner = new Runner(); runner.runSync(main);',
};

test.each(Object.entries(OWNING))(
  '%s: the first cancels main, uncaught it is one line and 130',
  async (_name, source) => {
    const ended = await runChild(
      `
      import { runSync, Runner, sleep } from 'oxbow';
      function* main() {
        try { console.log('up'); yield* sleep('1h'); } finally { console.log('cleaned'); }
      }
      ${source}`,
      interruptAt('up'),
    );
    expect(ended).toEqual({
      code: 130,
      signal: null,
      stdout: 'up\ncleaned\n',
      stderr: 'KeyboardInterrupt: interrupted by Ctrl-C\n',
    });
  },
);

test('runSync: whoever catches it goes on, and a main may refuse it', async () => {
  const ended = await runChild(
    `
    import { runSync, sleep } from 'oxbow';
    try {
      runSync(function* () { console.log('first'); yield* sleep('1h'); });
    } catch (error) { console.log(error.name); }
    console.log(runSync(function* () {
      try { console.log('second'); yield* sleep('1h'); } catch { return 'refused'; }
    }));`,
    interruptAt('first', 'second'),
  );
  expect([ended.code, ended.stdout]).toEqual([0, 'first\nKeyboardInterrupt\nsecond\nrefused\n']);
});

test('runSync: the second ends the loop, and what is left is not waited for', async () => {
  const ended = await runChild(
    `
    import { createTask, getRunningLoop, runSync, sleep } from 'oxbow';
    try {
      runSync(function* () {
        getRunningLoop().setExceptionHandler(() => {});
        createTask(function* () { for (;;) try { yield* sleep('1h'); } catch {} });
        for (let n = 1; ; n++) {
          try { console.log('wait ' + n); yield* sleep('1h'); } catch {}
        }
      });
    } catch (error) { console.log(error.name); }`,
    interruptAt('wait 1', 'wait 2'),
  );
  expect([ended.code, ended.stdout]).toEqual([0, 'wait 1\nwait 2\nKeyboardInterrupt\n']);
});

test('runSync: one that is never idle hears of it too, and so does the end', async () => {
  const ended = await runChild(
    `
    import { createTask, getRunningLoop, runSync, sleep } from 'oxbow';
    try {
      runSync(function* () {
        getRunningLoop().setExceptionHandler(() => {});
        createTask(function* () {
          try { yield* sleep('1h'); } finally { console.log('ending'); yield* sleep('1h'); }
        });
        console.log('busy');
        for (;;) yield;
      });
    } catch (error) { console.log(error.name); }`,
    interruptAt('busy', 'ending'),
  );
  expect([ended.code, ended.stdout]).toEqual([0, 'busy\nending\nKeyboardInterrupt\n']);
});

test('runSync: a main that computes for ever is ended by the second', async () => {
  const ended = await runChild(
    `
    import { writeSync } from 'node:fs';
    import { runSync } from 'oxbow';
    runSync(function* () { for (let n = 0; ; n++) if (n % 1e8 === 0) writeSync(1, 'x'); });`,
    (pid) => {
      process.kill(pid, 'SIGINT');
    },
  );
  expect([ended.code, ended.signal]).toEqual([null, 'SIGINT']);
});

test("runSync: a listener of the program's own hears of it afterwards", async () => {
  const ended = await runChild(
    `
    import { runSync, sleep } from 'oxbow';
    process.on('SIGINT', () => { console.log('mine'); process.exit(); });
    runSync(function* () { console.log('up'); yield* sleep('100ms'); });
    console.log('done');
    setTimeout(() => {}, 20_000);`,
    interruptAt('up'),
  );
  expect([ended.code, ended.stdout]).toEqual([0, 'up\ndone\nmine\n']);
});
