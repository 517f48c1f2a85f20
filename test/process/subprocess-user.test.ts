/** Children that run as another user. */
import { createSubprocessExec, createSubprocessShell, getRunningLoop, run } from 'oxbow';
import type { Coro, SubprocessOptions } from 'oxbow';

import { notRoot, root, testWith } from '../support/needs.ts';

const NOBODY = 65_534;

function* output(command: string, options: SubprocessOptions): Coro<string> {
  const child = yield* createSubprocessShell(command, { stdout: 'pipe', cwd: '/', ...options });
  const [stdout] = yield* child.communicate();
  return `${stdout}`.trim();
}

testWith(root())('a child runs as the user and the group that are asked for', () =>
  run(function* () {
    const before = [process.getuid!(), process.getgid!(), process.getgroups!()];
    const ids = 'echo $(id -u) $(id -g) $(id -G)';
    const uid = NOBODY;
    const gid = NOBODY;
    expect(yield* output(ids, { uid, gid })).toBe(`${uid} ${gid} ${gid}`);
    // Nothing of root is left: no further groups, and no way back.
    expect(yield* output(ids, { uid })).toBe(`${uid} 0 0`);
    expect(yield* output(ids, { gid })).toBe(`0 ${gid} ${gid}`);
    expect(yield* output('cat /etc/shadow 2>/dev/null || echo refused', { uid, gid })).toBe(
      'refused',
    );
    expect([process.getuid!(), process.getgid!(), process.getgroups!()]).toEqual(before);
  }),
);

testWith(root())('it is ended like any other', () =>
  run(function* () {
    const child = yield* createSubprocessExec('sleep', '60', { uid: NOBODY, cwd: '/' });
    expect(child.terminate()).toBe(true);
    expect(yield* child.wait()).toBe(-15);
    const { events } = getRunningLoop().metrics();
    expect(events).toBeGreaterThan(0);
  }),
);

testWith(notRoot())('another user or group is refused, and nothing starts', () =>
  run(function* () {
    for (const [options, reason] of [
      [{ uid: 0 }, 'it cannot run as user 0'],
      [{ gid: 0 }, 'it cannot run as group 0'],
    ] as const) {
      let error: any;
      try {
        yield* createSubprocessExec('true', options);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toMatchObject({ code: 'EPERM', path: 'true' });
      expect(error.message).toContain(reason);
    }
  }),
);

test('our own user and group need no right', () =>
  run(function* () {
    const uid = process.getuid!();
    const gid = process.getgid!();
    expect(yield* output('id -u', { uid })).toBe(`${uid}`);
    expect(yield* output('id -g', { uid, gid })).toBe(`${gid}`);
  }));
