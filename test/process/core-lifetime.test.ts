// The process lives exactly while the loop has something to wait for.
import { runChild } from './core-child.ts';

const clean = { code: 0, signal: null, stderr: '' };

test('it ends when main ends, and says what main says', async () => {
  const ended = await runChild(`
    import { run, sleep } from 'oxbow';
    console.log(await run(function* () { yield* sleep('20ms'); return 'done'; }));`);
  expect(ended).toEqual({ ...clean, stdout: 'done\n' });
});

test('a pending timer keeps it alive, whoever started it', async () => {
  const ended = await runChild(`
    import { newEventLoop } from 'oxbow';
    const loop = newEventLoop();
    loop.runForever();
    setTimeout(() => loop.callLater('50ms', () => { console.log('fired'); loop.stop(); }), 1);`);
  expect(ended).toEqual({ ...clean, stdout: 'fired\n' });
});

test('without anything to wait for it ends, though the loop was not stopped', async () => {
  const ended = await runChild(`
    import { newEventLoop } from 'oxbow';
    const loop = newEventLoop();
    loop.callLater('20ms', () => console.log('fired'));
    loop.runForever().then(() => console.log('never'));`);
  expect(ended).toEqual({ ...clean, stdout: 'fired\n' });
});

test("an unref'ed timer does not keep it alive, but fires while something else does", async () => {
  const ended = await runChild(`
    import { newEventLoop } from 'oxbow';
    const loop = newEventLoop();
    loop.callLater('10ms', () => console.log('first')).unref();
    loop.callLater('50ms', () => console.log('second'));
    loop.callLater('1h', () => console.log('never')).unref();
    loop.callLater('1h', () => console.log('never')).unref().ref().unref();
    loop.callLater('1h', () => console.log('never')).cancel();
    loop.runForever();`);
  expect(ended).toEqual({ ...clean, stdout: 'first\nsecond\n' });
});

test("runSync with nothing but unref'ed timers is a deadlock", async () => {
  const ended = await runChild(`
    import { getRunningLoop, runSync } from 'oxbow';
    try {
      runSync(function* () {
        const future = getRunningLoop().createFuture();
        getRunningLoop().callLater('1h', () => {}).unref();
        yield* future;
      });
    } catch (error) { console.log(error.name); }`);
  expect(ended).toEqual({ ...clean, stdout: 'DeadlockError\n' });
});

test('a main that waits for a Promise of Node lives as long as that', async () => {
  const ended = await runChild(`
    import { promise, run } from 'oxbow';
    import { readFile } from 'node:fs/promises';
    const text = await run(function* () {
      yield* promise(new Promise((resolve) => setTimeout(resolve, 20)));
      return yield* promise(readFile('package.json', 'utf8'));
    });
    console.log(JSON.parse(text).name);`);
  expect(ended).toEqual({ ...clean, stdout: 'oxbow\n' });
});

test('importing starts nothing', async () => {
  const ended = await runChild(`import 'oxbow'; console.log('imported');`);
  expect(ended).toEqual({ ...clean, stdout: 'imported\n' });
});

test('it can be required', async () => {
  const ended = await runChild(
    `
    import { createRequire } from 'node:module';
    console.log(typeof createRequire(process.cwd() + '/x.js')('oxbow').run);`,
    undefined,
    ['--experimental-require-module', '--no-warnings'],
  );
  expect(ended).toEqual({ ...clean, stdout: 'function\n' });
});
