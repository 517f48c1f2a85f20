// A program in simulated time that can never go on ends with an error, and not without a word.
import { runChild } from './core-child.ts';

test('on its own', async () => {
  const ended = await runChild(`
    import { Event } from 'oxbow';
    import { runVirtual } from 'oxbow/testing';
    await runVirtual(function* forever() { yield* new Event().wait(); });`);
  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(/DeadlockError: simulated time .*forever\(\)/);
});

test('when what it waited for of Node has ended without a result', async () => {
  const ended = await runChild(`
    import { promise } from 'oxbow';
    import { runVirtual } from 'oxbow/testing';
    const never = new Promise(() => setTimeout(() => console.log('nothing'), 20));
    await runVirtual(function* () { yield* promise(never); }).catch((error) => {
      console.log(error.name);
    });
    await runVirtual(async () => { await never; }).catch((error) => console.log(error.name));
    console.log(process.listenerCount('beforeExit'));`);
  expect(ended).toEqual({
    code: 0,
    signal: null,
    stderr: '',
    stdout: 'nothing\nDeadlockError\nDeadlockError\n0\n',
  });
});

test('at once, though something else keeps Node awake but does not wake it', async () => {
  const source = `
    import { Event, sleep } from 'oxbow';
    import { runVirtual } from 'oxbow/testing';
    setTimeout(() => {}, 1e6);
    const told = (error) => console.log(error.name);
    await runVirtual(function* () {
      yield* sleep('1h');
      yield* new Event().wait();
    }).catch(told);
    // What could have helped, and has not.
    await runVirtual(function* () {
      setTimeout(() => console.log('nothing'), 20);
      yield* new Event().wait();
    }).catch(told);
    process.exit();`;
  // Of V8's own, a timer that looks at the heap wakes Node after eight seconds.
  const ended = await runChild(source, undefined, ['--no-memory-reducer']);
  expect(ended).toEqual({
    code: 0,
    signal: null,
    stderr: '',
    stdout: 'DeadlockError\nnothing\nDeadlockError\n',
  });
});
