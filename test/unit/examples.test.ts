// Runs every small example and checks what it prints.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ROOT } from '../support/root.ts';

const systemDriver = process.platform === 'linux' ? 'epoll' : 'kqueue';

const outputs: Array<[name: string, lines: string[]]> = [
  ['greetings', ['Hello, Grace!', 'Hello, Edsger!', 'Hello, Ada!', '3 5 6']],
  ['two-sleepers', ['first: slept 1 s', 'second: slept 2 s', 'together: 2 s']],
  ['callbacks', ['nothing has run yet', 'soon: 1', 'soon: 2', 'later: last']],
  ['tasks', ['square of 1 false', '1 4 9 16']],
  ['run-until-complete', ['answer: 42', 'closed: true']],
  ['running-loop', ['running: true', 'set by a callback', 'RuntimeError: no running event loop']],
  ['custom-loop', ['callback 0', 'callback 1', 'callback 2', 'callSoon was called 3 times']],
  ['choose-driver', [`slept 10 ms on ${systemDriver}`, 'slept an hour on virtual']],
];

test.each(outputs)('examples/%s', async (name, lines) => {
  const program = join(ROOT, 'build/ts/examples', `${name}.js`);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program], {
    timeout: 20_000,
  });
  expect(stdout.split('\n')).toEqual([...lines, '']);
  expect(stderr).toBe('');
});
