// Signals: callbacks and sources of names, SIGTERM of a run, as a guest and owning the thread.
import { runChild } from './core-child.ts';
import { printed, runThreads } from './threads-child.ts';

/** Sends a signal each time the next of the words appears in the output. */
function send(...steps: Array<[word: string, signal: NodeJS.Signals]>) {
  return (pid: number, stdout: string): void => {
    if (steps.length > 0 && stdout.includes(steps[0]![0])) {
      process.kill(pid, steps.shift()![1]);
    }
  };
}

const UP = `try { console.log('up'); yield* sleep('1h'); } finally { console.log('cleaned'); }`;

test.each([
  ['run', `await run(function* () { ${UP} });`],
  ['run, async', `await run(async () => { ${UP.replace('yield*', 'await')} });`],
  ['runSync', `runSync(function* () { ${UP} });`],
])('%s: SIGTERM cancels main, which cleans up, and the exit code is 143', async (_name, source) => {
  const ended = await runChild(
    `import { run, runSync, sleep } from 'oxbow';\n${source}`,
    send(['up', 'SIGTERM']),
  );
  expect(ended).toEqual({
    code: 143,
    signal: null,
    stdout: 'up\ncleaned\n',
    stderr: 'Terminated: ended by SIGTERM\n',
  });
});

test.each(['await run(main)', 'runSync(main)'])(
  '%s: the error is Terminated, and a second one ends the loop at once',
  async (call) => {
    const ended = await runChild(
      `
      import { KeyboardInterrupt, run, runSync, sleep, Terminated } from 'oxbow';
      const main = function* () {
        for (let n = 1; ; n++) try { console.log('wait ' + n); yield* sleep('1h'); } catch {}
      };
      try { ${call}; } catch (error) {
        console.log(error.name, error instanceof Terminated, error instanceof KeyboardInterrupt);
      }
      console.log(process.listenerCount('SIGTERM'));`,
      send(['wait 1', 'SIGTERM'], ['wait 2', 'SIGTERM']),
    );
    expect([ended.code, ended.stdout]).toEqual([0, 'wait 1\nwait 2\nTerminated true true\n0\n']);
  },
);

test('who listens to SIGTERM has it alone, also when that began while main runs', async () => {
  for (const when of ['before', 'within']) {
    const listen = `process.on('SIGTERM', () => { console.log('mine'); nap.cancel(); });`;
    const ended = await runChild(
      `
      import { run, sleep } from 'oxbow';
      let nap;
      ${when === 'before' ? listen : ''}
      console.log(await run(function* () {
        nap = sleep('1h');
        ${when === 'within' ? listen : ''}
        console.log('up');
        try { yield* nap; } catch {}
        yield* sleep(0);
        return 'not cancelled';
      }));
      process.exit(7);`,
      send(['up', 'SIGTERM']),
    );
    expect([ended.code, ended.stdout]).toEqual([7, 'up\nmine\nnot cancelled\n']);
  }
});

test('a program that listens only once keeps its say', async () => {
  const ended = await runChild(
    `
    import { run, sleep } from 'oxbow';
    await run(function* () {
      process.once('SIGTERM', () => console.log('mine'));
      console.log('up');
      try { yield* sleep('1h'); } finally { console.log('cleaned'); }
    });`,
    send(['up', 'SIGTERM'], ['mine', 'SIGTERM']),
  );
  expect([ended.code, ended.stdout]).toEqual([143, 'up\nmine\ncleaned\n']);
});

test.each(['await run(main)', 'runSync(main)'])(
  '%s: a handler is called with its arguments, in its context, in place of the usual',
  async (call) => {
    const ended = await runChild(
      `
      import { ContextVar, getRunningLoop, run, runSync } from 'oxbow';
      const variable = new ContextVar('variable');
      const main = function* () {
        const loop = getRunningLoop();
        const done = loop.createFuture();
        const seen = [];
        variable.set('set');
        for (const name of ['SIGTERM', 'SIGINT', 'SIGUSR2']) {
          loop.addSignalHandler(name, (...args) => {
            console.log(args.join(' '), variable.get(), getRunningLoop() === loop);
            if (seen.push(name) === 3) done.setResult(seen.join(' '));
          }, name, 'came');
        }
        variable.set('later');
        console.log('up');
        console.log(yield* done);
        console.log(loop.removeSignalHandler('SIGUSR2'), loop.removeSignalHandler('SIGUSR2'));
        return 'end';
      };
      console.log(${call});
      console.log(['SIGTERM', 'SIGINT', 'SIGUSR2'].map((name) => process.listenerCount(name)).join());`,
      send(['up', 'SIGTERM'], ['SIGTERM came', 'SIGINT'], ['SIGINT came', 'SIGUSR2']),
    );
    expect(ended).toEqual(
      printed(
        'up\nSIGTERM came set true\nSIGINT came set true\nSIGUSR2 came set true\n' +
          'SIGTERM SIGINT SIGUSR2\ntrue false\nend\n0,0,0\n',
      ),
    );
  },
);

test.each(['await run(main)', 'runSync(main)'])(
  '%s: a handler that is replaced or removed is not called',
  async (call) => {
    const ended = await runChild(
      `
      import { getRunningLoop, run, runSync, sleep } from 'oxbow';
      const main = function* () {
        const loop = getRunningLoop();
        loop.addSignalHandler('SIGTERM', () => console.log('first'));
        loop.addSignalHandler('SIGTERM', () => {
          console.log('second');
          loop.removeSignalHandler('SIGTERM');
          console.log('removed');
        });
        console.log('up');
        yield* sleep('1h');
      };
      try { ${call}; } catch (error) { console.log(error.name); }`,
      send(['up', 'SIGTERM'], ['removed', 'SIGTERM']),
    );
    expect([ended.code, ended.stdout]).toEqual([0, 'up\nsecond\nremoved\nTerminated\n']);
  },
);

test("listeners of the program's own hear beside handlers; under runSync, afterwards", async () => {
  const ended = await runChild(
    `
    import { getRunningLoop, run, runSync } from 'oxbow';
    process.on('SIGHUP', () => console.log('of process'));
    const main = function* () {
      const done = getRunningLoop().createFuture();
      getRunningLoop().addSignalHandler('SIGHUP', () => { console.log('of the loop'); done.setResult(); });
      console.log('up');
      yield* done;
    };
    await run(main);
    runSync(main);
    console.log('end of runSync');
    setTimeout(() => {}, 20_000);
    await new Promise((resolve) => process.once('SIGHUP', resolve));
    process.exit();`,
    (() => {
      let sent = 0;
      return (pid, stdout) => {
        if (stdout.split('up\n').length - 1 > sent) {
          sent++;
          process.kill(pid, 'SIGHUP');
        }
      };
    })(),
  );
  expect(ended.code).toBe(0);
  const lines = ended.stdout.trim().split('\n');
  expect(lines.filter((line) => line === 'of the loop').length).toBe(2);
  expect(lines.filter((line) => line === 'of process').length).toBe(2);
  expect(lines.indexOf('end of runSync')).toBeLessThan(lines.lastIndexOf('of process'));
});

test('what C++ has told of a signal, Node does not tell again', async () => {
  const ended = await runChild(
    `
    import { newEventLoop } from 'oxbow';
    const loop = newEventLoop();
    let count = 0, came;
    loop.addSignalHandler('SIGUSR2', () => { console.log('came ' + ++count); came.setResult(); });
    const wait = () => {
      came = loop.createFuture();
      loop.callSoon(() => console.log('up ' + count));
      return came;
    };
    loop.runUntilCompleteSync(wait());
    await new Promise((resolve) => setTimeout(resolve, 20));
    await loop.runUntilComplete(wait());
    loop.runUntilCompleteSync(wait());
    await new Promise((resolve) => setTimeout(resolve, 20));
    loop.close();
    console.log(count, process.listenerCount('SIGUSR2'));`,
    send(['up 0', 'SIGUSR2'], ['up 1', 'SIGUSR2'], ['up 2', 'SIGUSR2']),
  );
  expect(ended).toEqual(printed('up 0\ncame 1\nup 1\ncame 2\nup 2\ncame 3\n3 0\n'));
});

test.each([
  ['run', 'await run(main);'],
  ['runSync', 'runSync(main);'],
])('%s: a source is awaited for the next one, and then lets go', async (_name, call) => {
  const ended = await runChild(
    `
    import { run, runSync, signals, sleep } from 'oxbow';
    const main = function* () {
      const source = signals('SIGINT', 'SIGTERM');
      console.log('up');
      console.log(yield* source, String(source));
      console.log('again');
      console.log(yield* source);
      console.log('shutting down');
      yield* sleep('1h');
    };
    ${call}`,
    send(['up', 'SIGTERM'], ['again', 'SIGINT'], ['shutting down', 'SIGTERM']),
  );
  expect([ended.code, ended.stdout]).toEqual([
    143,
    'up\nSIGTERM <SignalSource SIGINT SIGTERM, does not listen>\nagain\nSIGINT\nshutting down\n',
  ]);
});

test('a source that is awaited while a signal waits lets go, too', async () => {
  const ended = await runChild(
    `
    import { run, signals } from 'oxbow';
    await run(function* () {
      const source = signals('SIGHUP', 'SIGUSR2');
      const first = source.receive();
      process.kill(process.pid, 'SIGHUP');
      process.kill(process.pid, 'SIGUSR2');
      console.log([yield* first, yield* source].sort().join(' '), String(source));
    });`,
  );
  expect(ended).toEqual(printed('SIGHUP SIGUSR2 <SignalSource SIGHUP SIGUSR2, does not listen>\n'));
});

test('a source is gone through with for await, and loses none that come meanwhile', async () => {
  const ended = await runChild(
    `
    import { run, signals, sleep } from 'oxbow';
    await run(async () => {
      const source = signals('SIGHUP', 'SIGUSR2');
      console.log('up');
      let count = 0;
      for await (const name of source) {
        console.log(name);
        if (++count === 1) await sleep('20ms');
        // Two that wait are told of in any order.
        if (count === 3) break;
      }
      console.log(process.listenerCount('SIGHUP'), process.listenerCount('SIGUSR2'));
    });`,
    (pid, stdout) => {
      if (stdout === 'up\n') process.kill(pid, 'SIGHUP');
      else if (stdout === 'up\nSIGHUP\n') {
        process.kill(pid, 'SIGHUP');
        process.kill(pid, 'SIGUSR2');
      }
    },
  );
  expect([ended.code, ended.stdout.split('\n').sort()]).toEqual([
    0,
    ['', '0 0', 'SIGHUP', 'SIGHUP', 'SIGUSR2', 'up'],
  ]);
});

test('receive(), next(), close() and cancels of a source', async () => {
  const ended = await runChild(
    `
    import { gather, run, runSync, signals, sleep, waitFor } from 'oxbow';
    for (const way of [run, runSync]) {
      await way(function* () {
        const source = signals('SIGUSR2');
        const lost = source.receive();
        lost.cancel();
        const aborted = source.receive({ signal: AbortSignal.abort() });
        console.log((yield* gather([aborted], { returnExceptions: true }))[0].name);
        try { yield* waitFor(source.receive(), '1ms'); } catch (error) { console.log(error.name); }
        process.kill(process.pid, 'SIGUSR2');
        console.log(yield* source.receive());
        process.kill(process.pid, 'SIGUSR2');
        console.log(yield* source.next());
        const waiting = source.next();
        source.close();
        console.log(yield* waiting, String(source));
        try { yield* source; } catch (error) { console.log(error.name); }
      });
    }`,
  );
  const once =
    "AbortError\nTimeoutError\nSIGUSR2\n{ done: false, value: 'SIGUSR2' }\n" +
    '{ done: true, value: undefined } <SignalSource SIGUSR2, closed>\nQueueShutDown\n';
  expect(ended).toEqual(printed(once + once));
});

test('what cannot be listened to is refused', async () => {
  const ended = await runChild(`
    import { getRunningLoop, run, signals } from 'oxbow';
    await run(function* () {
      const loop = getRunningLoop();
      const attempts = [
        ...['SIGKILL', 'SIGSTOP', 'SIGSEGV', 'SIGNOPE', 'TERM', 'toString', 15, null].map((name) =>
          () => loop.addSignalHandler(name, () => {})),
        () => loop.addSignalHandler('SIGHUP'),
        () => loop.addSignalHandler('SIGHUP', function* () {}),
        () => loop.addSignalHandler('SIGHUP', async () => {}),
        () => loop.removeSignalHandler('SIGNOPE'),
        () => signals(),
        () => signals('SIGKILL'),
        () => signals('SIGHUP', 'SIGNOPE'),
      ];
      for (const attempt of attempts) {
        try { attempt(); console.log('went through'); } catch (error) { console.log(error.name); }
      }
      console.log(process.listenerCount('SIGHUP'));
    });`);
  const names = [
    'RuntimeError RuntimeError RuntimeError RangeError RangeError RangeError TypeError TypeError',
    'TypeError TypeError TypeError RangeError TypeError RuntimeError RangeError 0',
  ];
  expect(ended).toEqual(printed(`${names.join(' ').replaceAll(' ', '\n')}\n`));
});

test('a worker has no signals, and says so; its run ends the process as ever', async () => {
  const ended = await runThreads(
    `
    const worker = start();
    console.log(await message(worker));
    await worker.terminate();`,
    `
    const { signals } = await import('OXBOW');
    await run(function* () {
      try { getRunningLoop().addSignalHandler('SIGTERM', () => {}); } catch (error) {
        try { signals('SIGTERM'); } catch (second) {
          parentPort.postMessage(error.name + ' ' + second.message);
        }
      }
    });`,
  );
  expect(ended).toEqual(
    printed('RuntimeError signals(): signals come to the main thread only, and this is a worker\n'),
  );
});

test('every loop that listens hears of it, and a loop that is closed listens no more', async () => {
  const ended = await runChild(
    `
    import { getRunningLoop, run, signals } from 'oxbow';
    let started = 0;
    const main = (name) => run(async () => {
      getRunningLoop().addSignalHandler('SIGUSR2', () => console.log(name));
      if (++started === 2) console.log('up');
      return await signals('SIGUSR2');
    });
    console.log(await Promise.all([main('first'), main('second')]));
    console.log(process.listenerCount('SIGUSR2'));`,
    send(['up', 'SIGUSR2']),
  );
  expect([ended.code, ended.stdout.split('\n').sort().join('|')]).toEqual([
    0,
    "|0|[ 'SIGUSR2', 'SIGUSR2' ]|first|second|up",
  ]);
});

test('a child ends by the SIGTERM that its parent hands on', async () => {
  const ended = await runChild(
    `
    import { createSubprocessExec, getRunningLoop, runSync, run } from 'oxbow';
    await run(function* () {
      const child = yield* createSubprocessExec('sleep', '100');
      getRunningLoop().addSignalHandler('SIGTERM', () => child.terminate());
      console.log('up');
      console.log(yield* child.wait());
    });`,
    send(['up', 'SIGTERM']),
  );
  expect(ended).toEqual(printed('up\n-15\n'));
});
