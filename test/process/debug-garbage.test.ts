// What debug mode keeps must keep nothing alive: its warnings come from the garbage collector.
import { runChild } from './core-child.ts';

const COMMON = `
  import { createTask, getRunningLoop, run, sleep, timeout } from 'oxbow';
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  // What a WeakRef has given stays until the end of its turn, so that is not the one of gc().
  async function collected(until) {
    for (let round = 0; round < 200 && !until(); round++) {
      await turn();
      gc();
      await turn();
    }
  }
  let warnings = [];
  process.removeAllListeners('warning');
  process.on('warning', ({ message }) => warnings.push(message));
`;

const clean = { code: 0, signal: null, stderr: '' };

test('a scope that is garbage was never awaited, and is told of before the loop ends', async () => {
  const ended = await runChild(
    `${COMMON}
    await run(async () => {
      (function forgets() { timeout(1, function* () {}); })();
      await collected(() => warnings.length > 0);
      console.log(warnings.length, warnings[0].replace(/ \\(.*/, ''));
    }, { debug: true });
    await turn();
    console.log(warnings.length);`,
    undefined,
    ['--expose-gc'],
  );
  expect(ended).toEqual({
    ...clean,
    stdout:
      '1 timeout() was never awaited, so its body never ran; write yield* or await ' +
      'before it created at forgets\n1\n',
  });
});

test('errors that nobody has taken are told of in debug mode as well, with their origin', async () => {
  const ended = await runChild(
    `${COMMON}
      await run(async () => {
        const reports = [];
        getRunningLoop().setExceptionHandler((_loop, context) => reports.push(context));
        (function forgets() {
          createTask(function* () { yield* sleep(0); throw new Error('lost'); });
          createTask(async function () { await sleep(0); throw new Error('lost'); });
        })();
        await sleep(0.01);
        await collected(() => reports.length > 1);
        for (const { message, sourceTraceback } of reports) {
          console.log(message, sourceTraceback.split('\\n')[0].trim().replace(/ \\(.*/, ''));
        }
      }, { debug: true });`,
    undefined,
    ['--expose-gc'],
  );
  const line = 'Task exception was never retrieved at forgets\n';
  expect(ended).toEqual({ ...clean, stdout: line + line });
});

test('finished tasks, handles and futures are garbage', async () => {
  const ended = await runChild(
    `${COMMON}
    await run(async () => {
      const references = [];
      (function makes() {
        references.push(new WeakRef(createTask(async () => { await sleep(0); })));
        references.push(new WeakRef(createTask(function* () { yield* sleep(0); })));
        references.push(new WeakRef(getRunningLoop().callSoon(() => {})));
        references.push(new WeakRef(getRunningLoop().createFuture()));
      })();
      await sleep(0.01);
      const left = () => references.filter((reference) => reference.deref() !== undefined).length;
      await collected(() => left() === 0);
      console.log(left());
    }, { debug: true });`,
    undefined,
    ['--expose-gc'],
  );
  expect(ended).toEqual({ ...clean, stdout: '0\n' });
});
