// The limit that every test has, in a process where `test` runs its body at once.
import { join } from 'node:path';

import { ROOT } from '../support/root.ts';
import { runChild } from './core-child.ts';
import type { Ended } from './core-child.ts';

function limited(body: string): Promise<Ended> {
  return runChild(`
    globalThis.test = globalThis.it = (_name, body) => body();
    await import(${JSON.stringify(join(ROOT, 'build/ts/test/support/time-limit.js'))});
    ${body}`);
}

test('a test that waits for ever fails with its name', async () => {
  const { code, stderr } = await limited("test('waits', () => new Promise(() => {}), 50);");
  expect(code).toBe(1);
  expect(stderr).toContain('"waits" was not done after 50 ms');
});

test('a test that never gives its thread back ends the process, with its name', async () => {
  const { signal, stderr } = await limited("test('spins', () => { for (;;); }, 50);");
  expect([signal, stderr]).toEqual(['SIGKILL', '"spins" has held its thread for 100 ms\n']);
});
