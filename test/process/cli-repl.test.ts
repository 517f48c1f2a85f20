// `oxbow repl`, with its input through a pipe.
import { oxbow } from './cli-child.ts';
import type { CliOptions } from './cli-child.ts';

/** What the prompt answers to each line; what it asks for more with is left out. */
async function answers(lines: readonly string[], options: CliOptions = {}): Promise<string[]> {
  const input = lines.map((line) => `${line}\n`).join('');
  const { code, signal, stdout } = await oxbow(['repl'], { input, ...options });
  expect([code, signal]).toEqual([0, null]);
  return stdout
    .split(/(?:^|\n?)oxbow> /)
    .slice(1)
    .map((text) => text.replace(/^(?:(?:\.\.\.|\|) )+/, '').trimEnd());
}

test('what is typed is evaluated, also over several lines', async () => {
  expect(
    await answers(['1 + 1', 'function f(a) {', '  return a + 1;', '}', 'f(2)', '_ * 2']),
  ).toEqual(['2', 'undefined', '3', '6', '']);
});

test('await waits for what Oxbow has and for what Node has, and lines wait for each other', async () => {
  expect(
    await answers([
      'const x = await sleep(0.02, 5)',
      'x * 2',
      'await Promise.all([',
      '  sleep(0.01, 1),',
      '  new Promise((done) => setTimeout(done, 5, 2)),',
      '])',
      'await sleep(0.01); "later"',
      '"last"',
    ]),
  ).toEqual(['undefined', '10', '[ 1, 2 ]', "'later'", "'last'", '']);
});

test('a loop is running, every input is a task of it, and its context variables stay', async () => {
  expect(
    await answers([
      'getRunningLoop().isRunning()',
      'currentTask() instanceof oxbow.Task',
      'const mine = currentTask(); await sleep(0); currentTask() === mine',
      'await new Promise(setImmediate); getRunningLoop() === mine.getLoop()',
      'currentTask() === mine',
      'const v = new ContextVar("v"); v.set(1); v.get()',
      'v.get()',
      'await sleep(0); v.set(2); v.get()',
      'v.get()',
      'await new Promise(setImmediate); v.set(3); v.get()',
      'v.get()',
      'await createTask(function* () { yield* sleep(0); v.set(4); return v.get(); })',
      'v.get()',
      'await TaskGroup.run(async (g) => (await g.createTask(async () => 1)) + 1)',
    ]),
  ).toEqual([
    'true',
    'true',
    'true',
    'true',
    'false',
    '1',
    '1',
    '2',
    '2',
    '3',
    '3',
    '4',
    '3',
    '2',
    '',
  ]);
});

test('errors are shown and end nothing, wherever they come from', async () => {
  const all = await answers([
    'throw new Error("sync")',
    'nowhere',
    'const 5',
    'await Promise.reject(new RangeError("awaited"))',
    'await createTask(function* () { throw new TypeError("task"); })',
    'void Promise.reject(new Error("unhandled"))',
    'await sleep(0.01); "after"',
    'await new Promise((go) => setTimeout(() => { go(); throw new Error("timer"); }, 1));' +
      'await sleep(0); "awaited on"',
    'getRunningLoop().callSoon(() => { throw new Error("callback"); }); await sleep(0); "end"',
  ]);
  expect(all.join('\n')).toMatch(
    new RegExp(
      [
        '^Uncaught Error: sync',
        'Uncaught ReferenceError: nowhere is not defined',
        'Uncaught SyntaxError:',
        'Uncaught RangeError: awaited',
        'Uncaught TypeError: task',
        'Uncaught Error: unhandled',
        "'after'",
        'Uncaught Error: timer',
        "'awaited on'",
        "'end'",
      ].join('[^]*'),
    ),
  );
});

test('a callback that throws is reported on stderr', async () => {
  const { stderr } = await oxbow(['repl'], {
    input: 'getRunningLoop().callSoon(() => { throw new Error("callback"); }); await sleep(0)\n',
  });
  expect(stderr).toMatch(/^Exception in callback[^]*Error: callback/);
});

test.each([
  ['the end of the input', []],
  ['.exit', ['.exit', '"not reached"']],
])('%s ends the loop, and cancels what is left', async (_name, last) => {
  expect(
    await answers([
      'createTask(function* () { try { yield* sleep(99); } finally { console.log("left"); } }); 0',
      'await sleep(0)',
      ...last,
    ]),
  ).toEqual(['0', 'undefined', 'left']);
});

test('Ctrl-C cancels what is awaited, which cleans up, and the prompt is back', async () => {
  let sent = 0;
  const { code, signal, stdout } = await oxbow(['repl'], {
    // Each word comes when Node watches for the signal in the way that is meant: a timer's comes
    // when the code before the first wait has ended.
    input:
      'setTimeout(() => console.log("up 1"), 1);' +
      'try { await sleep(99); } finally { console.log("cleaned"); }\n' +
      // Not console.log: Node loses a Ctrl-C that comes while it is within that.
      'fs.writeSync(1, "up 2\\n"); while (true) {}\n',
    react(pid, text, write) {
      if ((sent === 0 && text.includes('up 1')) || (sent === 1 && text.includes('up 2'))) {
        sent++;
        process.kill(pid, 'SIGINT');
      } else if (sent === 2 && text.split('interrupted by').length === 3) {
        sent++;
        write('setTimeout(() => console.log("still " + "here"), 1); 0\n');
      } else if (sent === 3 && text.includes('still here')) {
        sent++;
        // At an empty prompt: the first warns, the second ends it, as in Node's own.
        process.kill(pid, 'SIGINT');
      } else if (sent === 4 && text.includes('press Ctrl+C again')) {
        sent++;
        process.kill(pid, 'SIGINT');
      }
    },
  });
  expect([code, signal, sent]).toEqual([0, null, 5]);
  expect(stdout).toContain('cleaned\n');
});

test('globals of Node that share a name with the package go on working', async () => {
  expect(
    await answers([
      'Event === oxbow.Event',
      'new AbortController().signal.aborted',
      'await fetch("http://127.0.0.1:1").catch((error) => error.name)',
    ]),
  ).toEqual(['true', 'false', "'TypeError'", '']);
});

test('.clear keeps the names, and --debug is debug mode', async () => {
  const [first, second] = await Promise.all([
    answers(['typeof sleep', '.clear', 'typeof sleep']),
    oxbow(['repl', '--debug'], { input: 'getRunningLoop().getDebug()\n' }),
  ]);
  expect([first[0], first.at(-2)]).toEqual(["'function'", "'function'"]);
  expect(second.stdout).toMatch(/^oxbow> true\n/);
});

test('an unknown option, or an argument, is a usage error', async () => {
  const [option, argument] = await Promise.all([oxbow(['repl', '--loud']), oxbow(['repl', 'x'])]);
  expect([option!.code, argument!.code]).toEqual([2, 2]);
  expect(option!.stderr).toMatch(/^oxbow repl: Unknown option '--loud'/);
  expect(argument!.stderr).toMatch(/^oxbow repl: Unexpected argument 'x'/);
});
