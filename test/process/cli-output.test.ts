// What cannot be written: a disk that is full, a reader that has gone.
import type { Ended } from './core-child.ts';
import { oxbow, programs } from './cli-child.ts';

const { write, remove } = programs('cli-output');
afterAll(remove);

const FULL = '/dev/full';
const NO_SPACE = 'oxbow: stdout cannot be written: ENOSPC: no space left on device, write\n';
const ended = (code: number, stderr = '', stdout = ''): Ended => ({
  code,
  signal: null,
  stdout,
  stderr,
});

describe('what the command itself prints', () => {
  const commands = [
    ['--version'],
    ['--help'],
    ['run', '--help'],
    ['trace', '--help'],
    ['repl', '--help'],
    ['ps'],
    ['pstree', '--help'],
    ['top'],
    ['repl'],
  ].map((args) => [args.join(' '), args] as const);

  test.each(commands)('%s, on a full disk: 1 and a word', async (_name, args) => {
    expect(await oxbow(args, { stdout: FULL })).toEqual(ended(1, NO_SPACE));
  });

  test.each(commands)('%s, read by nobody: 0 in silence', async (_name, args) => {
    expect(await oxbow(args, { stdout: null })).toEqual(ended(0));
  });

  test('a complaint that cannot be written changes no exit code', async () => {
    const wrong: [string[], number][] = [
      [['rnu'], 2],
      [[], 2],
      [['run'], 2],
      [['trace'], 2],
      [['ps', 'x'], 2],
      [['repl', '--loud'], 2],
      [['run', write('throws.mjs', 'export default () => { throw 1; };')], 1],
    ];
    const all = wrong.flatMap(([args, code]) =>
      [FULL, null].map(async (stderr) => [args, await oxbow(args, { stderr }), ended(code)]),
    );
    for (const [args, got, wanted] of await Promise.all(all)) {
      expect([args, got]).toEqual([args, wanted]);
    }
  });
});

describe('what a program prints', () => {
  const lost =
    'oxbow: not all that the program printed could be written: ' +
    'ENOSPC: no space left on device, write\n';
  const print = (rest = ''): string =>
    write(
      `print${rest.length}.mjs`,
      `export default function* () { console.log('lost'); yield; yield; ${rest} }`,
    );

  test('is lost on a full disk: 1 and a word instead of 0', async () => {
    expect(await oxbow(['run', print()], { stdout: FULL })).toEqual(ended(1, lost));
    expect(await oxbow(['run', print('process.exit(0);')], { stdout: FULL })).toEqual(
      ended(1, lost),
    );
    const trace = write('out.json');
    const traced = await oxbow(['trace', '--output', trace, print()], { stdout: FULL });
    expect([traced.code, traced.stderr.split('\n').slice(0, -2).join('')]).toEqual([
      1,
      expect.stringMatching(/^oxbow trace: \d+ events are in .*out\.json$/),
    ]);
    expect(traced.stderr).toMatch(lost);
  });

  test('is lost, and the program has an exit code of its own', async () => {
    const run = (rest: string): Promise<Ended> => oxbow(['run', print(rest)], { stdout: FULL });
    expect(await run('process.exitCode = 4;')).toEqual(ended(4));
    expect(await run('process.exit(5);')).toEqual(ended(5));
    const failed = await run('throw new RangeError();');
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringMatching(/^RangeError/)]);
  });

  test('has no reader any more: what Node does', async () => {
    expect(await oxbow(['run', print()], { stdout: null })).toEqual(ended(0));
  });

  test('errors of stdout that the program listens for are its own', async () => {
    const path = write(
      'listens.mjs',
      `export default function* () {
      process.stdout.on('error', ({ code }) => console.error('mine', code));
      process.stdout.write('lost');
      yield; yield;
      process.exitCode = 6;
    }`,
    );
    expect(await oxbow(['run', path], { stdout: FULL })).toEqual(ended(6, 'mine ENOSPC\n'));
  });
});
