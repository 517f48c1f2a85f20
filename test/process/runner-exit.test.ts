// The end of a run: exit codes, Ctrl-C in each phase, leftovers, generators, threads.
import { runChild } from './core-child.ts';

/** Sends SIGINT each time the next of the words appears in the output. */
function interruptAt(...words: string[]): (pid: number, stdout: string) => void {
  return (pid, stdout) => {
    if (words.length > 0 && stdout.includes(words[0]!)) {
      words.shift();
      process.kill(pid, 'SIGINT');
    }
  };
}

/** What must not matter, said on every run: no listener is left, the loop is closed. */
const AFTER = `
  .then(() => console.log('no error'), (error) => console.log(error.name))
  .then(() => console.log(process.listenerCount('SIGINT'), loop.isClosed()));`;

/** Ways to run a main that is interrupted, and nobody catches it. */
const UNCAUGHT: Record<string, string> = {
  'run with await': 'await run(main);',
  'run without await': 'run(main);',
  'an async main': "await run(async () => { console.log('up'); await sleep('1h'); });",
  'a Runner': 'await new Runner().run(main);',
  'one that main throws': 'await run(function* () { throw new KeyboardInterrupt(); });',
  'one that a callback throws': `await run(function* () {
    getRunningLoop().callSoon(() => { throw new KeyboardInterrupt(); });
    yield* sleep('1h');
  });`,
};

test.each(Object.entries(UNCAUGHT))(
  'a KeyboardInterrupt that nobody catches: one line and 130: %s',
  async (_name, source) => {
    const ended = await runChild(
      `
      import { getRunningLoop, KeyboardInterrupt, run, Runner, sleep } from 'oxbow';
      function* main() { console.log('up'); yield* sleep('1h'); }
      ${source}`,
      interruptAt('up'),
    );
    expect([ended.code, ended.signal, ended.stdout]).toEqual([130, null, expect.anything()]);
    expect(ended.stderr).toBe('KeyboardInterrupt: interrupted by Ctrl-C\n');
  },
);

test('who catches it, or listens for uncaught errors, decides', async () => {
  for (const around of [
    (main: string) => `try { ${main} } catch (error) { console.log(error.name); }`,
    (main: string) => `${main.replace('await ', '')}.catch((error) => console.log(error.name));`,
    (main: string) => `process.on('uncaughtException', (e) => console.log(e.name)); ${main}`,
    (main: string) => `process.on('unhandledRejection', (e) => console.log(e.name));
      void (async () => { ${main} })();`,
  ]) {
    const ended = await runChild(
      `
      import { run, sleep } from 'oxbow';
      ${around("await run(function* () { console.log('up'); yield* sleep('1h'); })")}`,
      interruptAt('up'),
    );
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([0, 'up\nKeyboardInterrupt\n', '']);
  }
});

test('other errors that nobody catches are shown as ever', async () => {
  const ended = await runChild(
    `
    import { run, sleep } from 'oxbow';
    await run(function* () { console.log('up'); yield* sleep('1h'); }).catch(() => {});
    throw new Error('of the program');`,
    interruptAt('up'),
  );
  expect([ended.code, ended.stdout]).toEqual([1, 'up\n']);
  expect(ended.stderr).toMatch(/\n    at /);
});

test('an error of main comes out after the leftovers are ended, with code 1', async () => {
  const ended = await runChild(`
    import { createTask, run, sleep } from 'oxbow';
    await run(async () => {
      createTask(async () => { try { await sleep('1h'); } finally { console.log('ended'); } });
      await sleep(0);
      throw new Error('of main');
    });`);
  expect([ended.code, ended.stdout]).toEqual([1, 'ended\n']);
  expect(ended.stderr).toMatch(/Error: of main/);
});

test('order of the end: tasks, generators, executor, loop', async () => {
  const ended = await runChild(`
    import { createTask, EventLoop, run, sleep, toThread } from 'oxbow';
    class Loud extends EventLoop {
      shutdownAsyncgens() { console.log('asyncgens'); return super.shutdownAsyncgens(); }
      shutdownDefaultExecutor(timeout) {
        console.log('executor', timeout);
        return super.shutdownDefaultExecutor(timeout);
      }
      close() { console.log('close'); super.close(); }
    }
    async function* endless() {
      try { for (;;) yield; } finally { await toThread(() => 1); console.log('closed'); }
    }
    const generator = endless();
    await run(async () => {
      await generator.next();
      createTask(async () => { try { await sleep('1h'); } finally { console.log('task'); } });
      toThread(() => { console.log('thread'); });
      await sleep(0);
    }, { loopFactory: () => new Loud() });`);
  // The thread is a race; whenever it prints, run has waited for it.
  const lines = ended.stdout.split('\n');
  expect(lines.indexOf('thread')).toBeLessThan(lines.indexOf('close'));
  expect([ended.code, lines.filter((line) => line !== 'thread').join(' ')]).toEqual([
    0,
    'task asyncgens closed executor 300 close ',
  ]);
});

test('tasks that begin during the end are not cancelled but reported', async () => {
  const ended = await runChild(`
    import { createTask, run, sleep } from 'oxbow';
    await run(function* () {
      createTask(function* () {
        try { yield* sleep('1h'); } finally { createTask(() => sleep('1h'), { name: 'late' }); }
      });
      yield;
    });`);
  expect([ended.code, ended.stdout]).toEqual([0, '']);
  expect(ended.stderr).toMatch(/^Task was destroyed but it is pending!\ntask: <Task.*name='late'/);
});

test('Ctrl-C while leftovers clean up ends that at once, also as the first', async () => {
  for (const lane of ['function*', 'async function']) {
    const wait = lane === 'async function' ? 'await' : 'yield*';
    const ended = await runChild(
      `
      import { createTask, getRunningLoop, run, sleep } from 'oxbow';
      let loop;
      run(${lane} main() {
        loop = getRunningLoop();
        loop.setExceptionHandler((_loop, { message }) => console.log(message));
        createTask(${lane} () {
          try { ${wait} sleep('1h'); } finally { console.log('cleaning'); ${wait} sleep('1h'); }
        });
        ${wait} sleep(0);
      })${AFTER}`,
      interruptAt('cleaning'),
    );
    expect([ended.code, ended.signal, ended.stdout]).toEqual([
      0,
      null,
      'cleaning\nTask was destroyed but it is pending!\nKeyboardInterrupt\n0 true\n',
    ]);
  }
});

test('the first cancels main, the second comes while leftovers clean up', async () => {
  const ended = await runChild(
    `
    import { createTask, getRunningLoop, run, sleep } from 'oxbow';
    let loop;
    run(function* () {
      loop = getRunningLoop();
      loop.setExceptionHandler((_loop, { message }) => console.log(message));
      createTask(function* () {
        try { yield* sleep('1h'); } finally { console.log('cleaning'); yield* sleep('1h'); }
      });
      try { console.log('up'); yield* sleep('1h'); } finally { console.log('main ends'); }
    })${AFTER}`,
    interruptAt('up', 'cleaning'),
  );
  expect([ended.code, ended.signal, ended.stdout]).toEqual([
    0,
    null,
    'up\nmain ends\ncleaning\nTask was destroyed but it is pending!\nKeyboardInterrupt\n0 true\n',
  ]);
});

test('Ctrl-C while a generator closes ends that at once', async () => {
  const ended = await runChild(
    `
    import { getRunningLoop, run, sleep } from 'oxbow';
    let loop;
    async function* endless() {
      try { for (;;) yield; } finally { console.log('closing'); await sleep('1h'); }
    }
    const generator = endless();
    run(async () => {
      loop = getRunningLoop();
      loop.setExceptionHandler(() => {});
      await generator.next();
    })${AFTER}`,
    interruptAt('closing'),
  );
  expect([ended.code, ended.signal, ended.stdout]).toEqual([
    0,
    null,
    'closing\nKeyboardInterrupt\n0 true\n',
  ]);
});

test('Ctrl-C while threads are waited for ends them, and the process', async () => {
  const ended = await runChild(
    `
    import { EventLoop, run, toThread } from 'oxbow';
    class Loud extends EventLoop {
      shutdownDefaultExecutor(timeout) {
        console.log('waiting');
        return super.shutdownDefaultExecutor(timeout);
      }
    }
    const loop = new Loud();
    run(function* () { toThread(() => { for (;;); }); }, { loopFactory: () => loop })${AFTER}`,
    interruptAt('waiting'),
  );
  expect([ended.code, ended.signal, ended.stdout]).toEqual([
    0,
    null,
    'waiting\nKeyboardInterrupt\n0 true\n',
  ]);
});

test('the second Ctrl-C of main ends threads too', async () => {
  const ended = await runChild(
    `
    import { getRunningLoop, run, sleep, toThread } from 'oxbow';
    let loop;
    run(function* () {
      loop = getRunningLoop();
      loop.setExceptionHandler(() => {});
      toThread(() => { for (;;); });
      for (let n = 1; ; n++) try { console.log('wait ' + n); yield* sleep('1h'); } catch {}
    })${AFTER}`,
    interruptAt('wait 1', 'wait 2'),
  );
  expect([ended.code, ended.signal, ended.stdout]).toEqual([
    0,
    null,
    'wait 1\nwait 2\nKeyboardInterrupt\n0 true\n',
  ]);
});

test('overlapping runs: one Ctrl-C cancels every main', async () => {
  const ended = await runChild(
    `
    import { run, sleep } from 'oxbow';
    let started = 0;
    const main = (name) => run(async () => {
      if (++started === 2) console.log('up');
      try { await sleep('1h'); } finally { console.log('ended', name); }
    }).catch((error) => error.name);
    const both = Promise.all([main('first'), main('second')]);
    console.log(await both, process.listenerCount('SIGINT'));`,
    interruptAt('up'),
  );
  expect([ended.code, ended.stdout.split('\n').sort().slice(1)]).toEqual([
    0,
    ["[ 'KeyboardInterrupt', 'KeyboardInterrupt' ] 0", 'ended first', 'ended second', 'up'],
  ]);
});

test('a cancel that main has from somebody else too stays a CancelledError', async () => {
  const ended = await runChild(
    `
    import { currentTask, run, sleep } from 'oxbow';
    await run(function* () {
      const task = currentTask();
      process.once('SIGINT', () => {});
      console.log('up');
      try { yield* sleep('1h'); } finally { task.cancel(); }
    }).catch((error) => console.log(error.name));`,
    interruptAt('up'),
  );
  expect([ended.code, ended.stdout]).toEqual([0, 'up\nCancelledError\n']);
});

test('a listener that the program adds while it runs stays; ours goes', async () => {
  const ended = await runChild(`
    import { run, sleep } from 'oxbow';
    const mine = () => {};
    await run(function* () {
      process.on('SIGINT', mine);
      yield* sleep(0);
    });
    console.log(process.listeners('SIGINT').map((each) => each === mine));`);
  expect([ended.code, ended.stdout]).toEqual([0, '[ true ]\n']);
});

test('in a worker no signal is listened to', async () => {
  const ended = await runChild(`
    import { Worker } from 'node:worker_threads';
    new Worker(\`
      import('oxbow').then(({ run, sleep }) => run(function* () {
        yield* sleep(0);
        console.log(process.listenerCount('SIGINT'));
      }));\`, { eval: true });`);
  expect([ended.code, ended.stdout]).toEqual([0, '0\n']);
});

test('with frozen intrinsics generators are not closed, and nothing breaks', async () => {
  const ended = await runChild(
    `
    import { run, sleep } from 'oxbow';
    async function* numbers() { try { yield 1; yield 2; } finally { console.log('closed'); } }
    const left = numbers();
    await run(async () => {
      for await (const n of numbers()) { await sleep(0); console.log(n); break; }
      await left.next();
    });
    console.log('end');`,
    undefined,
    ['--no-warnings', '--frozen-intrinsics'],
  );
  expect([ended.code, ended.stdout, ended.stderr]).toEqual([0, '1\nclosed\nend\n', '']);
});
