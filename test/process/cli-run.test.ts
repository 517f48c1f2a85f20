// `oxbow` and `oxbow run`.
import { cpSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

import { ROOT } from '../support/root.ts';
import { MAIN, oxbow, programs } from './cli-child.ts';

const { folder, write, remove } = programs('cli-run');
beforeAll(() => write('package.json', '{"name":"user","private":true}'));
afterAll(remove);

// The package.json above hides that of the checkout, through which its files find the package.
const IMPORT = (names: string): string =>
  `import { ${names} } from '${pathToFileURL(join(ROOT, 'dist/index.js')).href}';`;

/** Sends SIGINT each time one of the words appears in the output. */
function interruptAt(...words: string[]): (pid: number, stdout: string) => void {
  return (pid, stdout) => {
    if (words.length > 0 && stdout.includes(words[0]!)) {
      words.shift();
      process.kill(pid, 'SIGINT');
    }
  };
}

describe('oxbow', () => {
  test('tells its version, and helps', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(await oxbow(['--version'])).toEqual({
      code: 0,
      signal: null,
      stdout: `${version}\n`,
      stderr: '',
    });
    const [help, run, same] = await Promise.all([
      oxbow(['--help']),
      oxbow(['help', 'run']),
      oxbow(['run', '--help']),
    ]);
    for (const name of ['run', 'repl', 'ps', 'pstree', 'top', 'trace']) {
      expect(help.stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
    expect(run.stdout).toMatch(/^Usage: oxbow run /);
    expect([run.code, same]).toEqual([0, run]);
    for (const line of `${help.stdout}${run.stdout}`.split('\n')) {
      expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  test('help of each command begins with a usage line, and fits the screen', async () => {
    const names = ['ps', 'pstree', 'top', 'trace', 'repl'];
    const ended = await Promise.all(names.map((name) => oxbow(['help', name])));
    expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual(names.map(() => [0, '']));
    expect(
      ended.map(({ stdout }) => stdout.split(' ').slice(0, 3).join(' ').split('\n')[0]),
    ).toEqual(names.map((name) => `Usage: oxbow ${name}`));
    const lines = ended.flatMap(({ stdout }) => stdout.split('\n'));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  test('what is no command gets the list, and the nearest name', async () => {
    const [slip, strange, inherited, option, none] = await Promise.all(
      [['rnu'], ['blubber'], ['constructor'], ['--loud'], []].map((args) => oxbow(args)),
    );
    expect(slip!.stderr).toMatch(/there is no command 'rnu'; did you mean 'run'\?\n[^]*pstree/);
    expect(strange!.stderr).toMatch(/there is no command 'blubber'\n/);
    expect(inherited!.stderr).toMatch(/there is no command 'constructor'\n/);
    expect(option!.stderr).toMatch(/unknown option '--loud'/);
    expect(none!.stderr).toMatch(/^Usage: /);
    expect(
      [slip, strange, inherited, option, none].map((each) => [each!.code, each!.stdout]),
    ).toEqual(Array(5).fill([2, '']));
  });
});

/** Begins all of a table at once: each of them mostly waits for a process to start. */
function atOnce<T>(begin: () => readonly Promise<T>[]): { readonly all: readonly Promise<T>[] } {
  const begun: { all: readonly Promise<T>[] } = { all: [] };
  beforeAll(() => {
    begun.all = begin();
  });
  return begun;
}

describe('run calls', () => {
  const show = `const show = (args) => console.log(JSON.stringify([args, process.argv.slice(1),
    getRunningLoop().isRunning(), currentTask() !== null]));`;
  const cases: readonly (readonly [string, string])[] = [
    ['a function*', 'export default function* (...args) { yield; show(args); }'],
    ['an async function', 'export default async (...args) => { await sleep(0); show(args); };'],
    ['a plain function', 'export default (...args) => { show(args); };'],
    [
      'a function that returns an awaitable',
      'export default (...args) => createTask(function* () { show(args); });',
    ],
    ['the export main', 'export function* main(...args) { show(args); }'],
    [
      'main of a module with another default',
      'export default { port: 1 }; export async function main(...args) { show(args); }',
    ],
    [
      'main after a top-level await',
      'await new Promise(setImmediate); export async function main(...args) { show(args); }',
    ],
  ];
  // What stands behind FILE belongs to the program.
  const args = ['--help', '-x', 'a b'];
  const pathOf = (at: number): string => join(folder, `calls-${at}.mjs`);
  const ends = atOnce(() =>
    cases.map(([, source], at) => {
      const names = IMPORT('createTask, currentTask, getRunningLoop, sleep');
      return oxbow(['run', relative(ROOT, write(`calls-${at}.mjs`, names, show, source)), ...args]);
    }),
  );

  test.each(cases.map(([name], at) => [name, at] as const))(
    '%s with the arguments, on a loop',
    async (_name, at) => {
      const stdout = `${JSON.stringify([args, [pathOf(at), ...args], true, true])}\n`;
      expect(await ends.all[at]).toEqual({ code: 0, signal: null, stderr: '', stdout });
    },
  );

  test('awaitables: a generator object, a Promise', async () => {
    const generator = write(
      'generator.mjs',
      IMPORT('sleep'),
      "export default (function* () { yield* sleep(0); console.log('generator'); })();",
    );
    const promise = write(
      'promise.mjs',
      "export default Promise.resolve().then(() => console.log('promise'));",
    );
    const [first, second] = await Promise.all([
      oxbow(['run', generator]),
      oxbow(['run', pathToFileURL(promise).href]),
    ]);
    expect([first!.stdout, second!.stdout]).toEqual(['generator\n', 'promise\n']);
    expect([first!.code, second!.code]).toEqual([0, 0]);
  });

  const common: readonly (readonly [string, string])[] = [
    ['module.exports', 'module.exports = main;'],
    ['exports.main', 'exports.main = main;'],
    ['exports.main that only runs find', 'exports[["m", "ain"].join("")] = main;'],
    [
      'the default of compiled code',
      "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = main;",
    ],
  ];
  const commonEnds = atOnce(() =>
    common.map(([, source], at) =>
      oxbow([
        'run',
        '--',
        write(
          `common-${at}.cjs`,
          'async function main(arg) {',
          "  console.log('common', arg, require.main === module); }",
          source,
        ),
        'x',
      ]),
    ),
  );

  test.each(common.map(([name], at) => [name, at] as const))(
    '%s of a CommonJS module',
    async (_name, at) => {
      const { code, stdout, stderr } = await commonEnds.all[at]!;
      expect([code, stdout, stderr]).toEqual([0, 'common x false\n', '']);
    },
  );
});

describe('the end of run', () => {
  test('is 0 whatever main returns, or what the program sets', async () => {
    const three = write('three.mjs', 'export default () => 3;');
    const four = write(
      'four.mjs',
      'export default function* () { process.exitCode = 4; return 3; }',
    );
    const five = write('five.mjs', 'export default async () => process.exit(5);');
    const exit = write('exit.mjs', 'export default async () => process.exit();');
    const early = write('exit-early.mjs', 'await null; process.exit(0);');
    const ended = await Promise.all(
      [three, four, five, exit, early].map((path) => oxbow(['run', path])),
    );
    expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual(
      [0, 4, 5, 0, 0].map((code) => [code, '']),
    );
  });

  test('cancels what main left, and waits for what Node still does', async () => {
    const path = write(
      'left.mjs',
      IMPORT('createTask, sleep'),
      `export default function* () {
      createTask(function* () {
        try { yield* sleep('1h'); } finally { yield* sleep(0); console.log('left'); }
      });
      yield* sleep(0);
      setTimeout(() => console.log('later'), 5);
    }`,
    );
    const { code, stdout, stderr } = await oxbow(['run', path]);
    // The timer may come before the loop is closed, or after.
    expect([code, stdout.split('\n').sort(), stderr]).toEqual([0, ['', 'later', 'left'], '']);
  });

  test('is 13 with a word when nothing can end main, or the import', async () => {
    const main = write('hangs.mjs', 'export default () => new Promise(() => {});');
    const load = write('hangs-early.mjs', 'await new Promise(() => {}); export default () => {};');
    const [first, second] = await Promise.all([oxbow(['run', main]), oxbow(['run', load])]);
    expect([first!.code, second!.code]).toEqual([13, 13]);
    expect(first!.stderr).toMatch(/the main function of the program has not ended/);
    expect(second!.stderr).toMatch(/the import of the program has not ended/);
  });

  test('--debug is debug mode of every loop', async () => {
    const path = write(
      'debug.mjs',
      IMPORT('getRunningLoop, newEventLoop'),
      'export default () => console.log(getRunningLoop().getDebug(), newEventLoop().getDebug());',
    );
    const [on, off] = await Promise.all([oxbow(['run', '--debug', path]), oxbow(['run', path])]);
    expect([on!.stdout, off!.stdout]).toEqual(['true true\n', 'false false\n']);
  });
});

describe('a program that runs itself', () => {
  test.each([
    ['awaited', 'await run(main);'],
    ['not awaited', 'void run(main);'],
    ['once awaited, once not', "await run(main); void run(() => sleep('1ms'));"],
    ['while it owns the thread', 'runSync(main);'],
  ])('needs to export nothing: %s', async (name, statement) => {
    const path = write(
      `itself-${name.replaceAll(/\W/g, '')}.mjs`,
      IMPORT('run, runSync, sleep'),
      "const main = function* () { yield* sleep('1ms'); console.log('ran'); };",
      statement,
      'export const other = 1;',
    );
    expect(await oxbow(['run', path])).toMatchObject({ code: 0, stdout: 'ran\n', stderr: '' });
  });

  test('and fails as it does under node', async () => {
    const path = write(
      'itself-fails.mjs',
      IMPORT('run'),
      "void run(function* () { throw new Error('mine'); });",
    );
    const { code, stderr } = await oxbow(['run', path]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: mine$/m);
  });

  test('what it exports to run is run too', async () => {
    const path = write(
      'itself-and-main.mjs',
      IMPORT('runSync'),
      "runSync(function* () { console.log('first'); });",
      "export default function* () { console.log('main'); }",
    );
    expect((await oxbow(['run', path])).stdout).toBe('first\nmain\n');
  });
});

describe('errors of run', () => {
  const cases: [string, () => string[], number, RegExp][] = [
    ['no FILE', () => [], 2, /^oxbow run: no FILE was given\n/],
    ['an unknown option', () => ['--loud', 'x.mjs'], 2, /^oxbow run: Unknown option '--loud'/],
    ['no such file', () => ['nowhere.mjs'], 2, /^oxbow run: there is no file .*nowhere\.mjs\n$/],
    ['a folder', () => [folder], 2, /^oxbow run: .* is a folder, not a file\n$/],
    ['an address', () => ['file://host/x.mjs'], 2, /^oxbow run: file:\/\/host\/x\.mjs is no file/],
    [
      'nothing to run',
      () => [write('nothing.mjs', 'export const a = 1, b = 2; export default 5;')],
      1,
      /nothing\.mjs has nothing to run: .*; it exports a, b, default\n$/,
    ],
    ['no exports', () => [write('empty.cjs', '')], 1, /empty\.cjs has nothing to run: .*exports/],
    [
      'an async generator',
      () => [write('agen.mjs', 'export default async function* () {}')],
      1,
      /^TypeError: main is an async generator/,
    ],
    [
      'wrong syntax',
      () => [write('syntax.mjs', '', 'const a = ;')],
      1,
      /syntax\.mjs:2\nconst a = ;\n[^]*SyntaxError: Unexpected token/,
    ],
    [
      'wrong syntax in what it imports',
      () => [write('outer.mjs', "import './syntax.mjs';", '')],
      1,
      /syntax\.mjs:2\nconst a = ;\n[^]*SyntaxError: Unexpected token/,
    ],
    [
      'a missing export',
      () => [write('missing.mjs', "import { nope } from 'node:fs';")],
      1,
      /missing\.mjs:1\n[^]*does not provide an export named 'nope'/,
    ],
    [
      'a throw at import',
      () => [write('import.mjs', '', "throw new Error('at import');")],
      1,
      /^Error: at import\n {4}at [^\n]*import\.mjs:2:7\n$/,
    ],
    [
      'a throw of main',
      () => [
        write(
          'throws.mjs',
          'export default function* main() {',
          "  throw new RangeError('no');",
          '}',
        ),
      ],
      1,
      /^RangeError: no\n {4}at main [^\n]*throws\.mjs:2:9\)\n(?! *at )/,
    ],
    [
      'a rejection, with its cause and properties',
      () => [
        write(
          'rejects.mjs',
          'export default async () => {',
          '  await null;',
          "  const error = new Error('no', { cause: new Error('why') });",
          "  throw Object.assign(error, { code: 'E_X' });",
          '};',
        ),
      ],
      1,
      /^Error: no\n {4}at [^\n]*rejects\.mjs:3:17\S* \{\n[^]*code: 'E_X',?\n[^]*Error: why\n/,
    ],
    [
      'coroutines inside of coroutines: every frame of the program, and no other',
      () => [
        write(
          'deep.mjs',
          IMPORT('sleep'),
          'function* deep() {',
          '  yield* sleep(0);',
          "  throw new Error('boom', { cause: new Error('why') });",
          '}',
          'function* middle() { yield* deep(); }',
          'export function* main() { yield* middle(); }',
        ),
      ],
      1,
      new RegExp(
        [
          '^Error: boom',
          ' +at deep .*:4:9\\)',
          ' +at middle .*',
          ' +at main .*\\) \\{',
          '  \\[cause\\]: Error: why',
          ' +at deep .*:4:36\\)',
          ' +at middle .*',
          ' +at main .*',
          '\\}',
          '$',
        ].join('\n'),
      ),
    ],
    [
      'a group of errors',
      () => [
        write(
          'group.mjs',
          IMPORT('ExceptionGroup'),
          'function fail(n) { return new Error(`e${n}`); }',
          "export function* main() { throw new ExceptionGroup('two', [fail(1), fail(2)]); }",
        ),
      ],
      1,
      /^ExceptionGroup: two \(2 sub-exceptions\)\n(?:(?! at (?!main|fail)).*\n)*$/,
    ],
    [
      'what is no error',
      () => [write('string.mjs', "export default async () => { throw 'text'; };")],
      1,
      /^Uncaught 'text'\n$/,
    ],
  ];

  const ends = atOnce(() => cases.map(([, args]) => oxbow(['run', ...args()], { cwd: folder })));

  test.each(cases.map(([name, , ...wanted], at) => [name, at, ...wanted] as const))(
    '%s',
    async (_name, at, code, stderr) => {
      const ended = await ends.all[at]!;
      expect([ended.code, ended.signal, ended.stdout]).toEqual([code, null, '']);
      expect(ended.stderr).toMatch(stderr);
      expect(ended.stderr).not.toContain('/dist/');
    },
  );
});

describe('signals', () => {
  test('the first Ctrl-C cancels main, which cleans up; the exit code is 130', async () => {
    for (const main of [
      'function* () { try { up(); yield* sleep(9999); }',
      'async () => { try { up(); await sleep(9999); }',
    ]) {
      const path = write(
        'first.mjs',
        IMPORT('sleep'),
        "const up = () => console.log('up');",
        `export default ${main} finally { console.log('cleaned'); } };`,
        'setInterval(() => {}, 999);',
      );
      expect(await oxbow(['run', path], { react: interruptAt('up') })).toEqual({
        code: 130,
        signal: null,
        stdout: 'up\ncleaned\n',
        stderr: '',
      });
    }
  });

  test('the second ends it at once, with 130', async () => {
    const path = write(
      'second.mjs',
      IMPORT('sleep'),
      `export default function* () {
      for (let n = 1; ; n++) {
        try { console.log('wait ' + n); yield* sleep('1h'); } catch {}
      }
    }`,
    );
    const ended = await oxbow(['run', path], { react: interruptAt('wait 1', 'wait 2') });
    expect([ended.code, ended.signal, ended.stdout]).toEqual([130, null, 'wait 1\nwait 2\n']);
  });

  test('one while the tasks that are left clean up ends it too', async () => {
    const path = write(
      'closing.mjs',
      IMPORT('createTask, sleep'),
      `export default function* () {
      createTask(function* () {
        try { yield* sleep('1h'); } finally { console.log('cleaning'); yield* sleep('1h'); }
      });
      yield* sleep(0);
    }`,
    );
    const ended = await oxbow(['run', path], { react: interruptAt('cleaning') });
    expect([ended.code, ended.signal, ended.stdout]).toEqual([130, null, 'cleaning\n']);
  });

  test('a main that goes on after Ctrl-C ends as it likes', async () => {
    const path = write(
      'refuses.mjs',
      IMPORT('sleep'),
      `export default async () => {
      try { console.log('up'); await sleep('1h'); } catch { console.log('summary'); }
    };`,
    );
    expect(await oxbow(['run', path], { react: interruptAt('up') })).toEqual({
      code: 0,
      signal: null,
      stdout: 'up\nsummary\n',
      stderr: '',
    });
  });

  test('a program with a listener of its own has Ctrl-C for itself', async () => {
    const path = write(
      'own.mjs',
      IMPORT('getRunningLoop'),
      `let future;
      process.on('SIGINT', () => future.setResult('mine'));
      export default function* () {
        future = getRunningLoop().createFuture();
        getRunningLoop().callLater('1h', () => {});
        console.log('up');
        console.log(yield* future);
      }`,
    );
    expect(await oxbow(['run', path], { react: interruptAt('up') })).toEqual({
      code: 0,
      signal: null,
      stdout: 'up\nmine\n',
      stderr: '',
    });
  });

  test('SIGTERM cancels main, and the exit code is 143', async () => {
    const path = write(
      'term.mjs',
      IMPORT('sleep'),
      `export default function* () {
        try { console.log('up'); yield* sleep('1h'); } finally { console.log('cleaned'); }
      }`,
    );
    let sent = false;
    const ended = await oxbow(['run', path], {
      react: (pid) => {
        if (!sent) process.kill(pid, 'SIGTERM');
        sent = true;
      },
    });
    expect(ended).toEqual({ code: 143, signal: null, stdout: 'up\ncleaned\n', stderr: '' });
  });
});

test('run uses the copy of the package that the program imports', async () => {
  const copy = join(folder, 'node_modules/oxbow');
  cpSync(join(ROOT, 'dist'), join(copy, 'dist'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(copy, 'package.json'));
  const path = write(
    'copy.mjs',
    "import { getRunningLoop, EventLoop } from 'oxbow';",
    `import { EventLoop as Other } from '${pathToFileURL(join(ROOT, 'dist/index.js')).href}';`,
    'const main = () => [getRunningLoop() instanceof EventLoop, EventLoop === Other];',
    'export default () => console.log(...main());',
  );
  const ended = await oxbow(['run', path], {
    env: { OXBOW_BINARY: realpathSync(join(ROOT, 'build/native/Release/oxbow.node')) },
  });
  expect(ended).toEqual({ code: 0, signal: null, stdout: 'true false\n', stderr: '' });
  expect(MAIN.startsWith(copy)).toBe(false);
});
