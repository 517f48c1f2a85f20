/**
 * Tests that need what not every machine has. Where it is lacking they are left out by name, with
 * the reason: `node test/run.mjs` says each reason in a line, and counts them as nothing.
 *
 * @example
 * const test6 = testWith(ipv6());
 * test6('::1 is looked up', () => { … });
 */

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { networkInterfaces, userInfo } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

/** What is lacking, for people; undefined where nothing is. */
export type Lack = string | undefined;

/** The `test` of this machine: the usual one, or one that leaves out and says why. */
export function testWith(...lacks: Lack[]): typeof test {
  const lack = lacks.find((reason) => reason !== undefined);
  if (lack === undefined) return test;
  const leaveOut = (name: string): void => test.skip(`${name} [skipped: ${lack}]`, () => {});
  return leaveOut as unknown as typeof test;
}

/** Whether `::1` can be used. */
export function ipv6(): Lack {
  const all = Object.values(networkInterfaces()).flat();
  return all.some((one) => one?.address === '::1') ? undefined : 'this machine has no IPv6 (::1)';
}

/** How many descriptors a process may have; the limit of this one is what its children get. */
export function descriptors(count: number): Lack {
  const limit = spawnSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).stdout.trim();
  if (limit === 'unlimited' || Number(limit) >= count) return undefined;
  return `a process may have ${limit} descriptors here (ulimit -n), and ${count} are needed`;
}

/** That memory is freed when it is freed, which a sanitizer puts off. */
export function figuresOfMemory(): Lack {
  return process.env['OXBOW_SANITIZE'] ? 'a sanitizer keeps memory that is free' : undefined;
}

/** Commands of the system. */
export function commands(...names: string[]): Lack {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const missing = names.filter((name) => !folders.some((folder) => isProgram(join(folder, name))));
  return missing.length === 0 ? undefined : `this machine has no ${missing.join(' and no ')}`;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A user with a name, which some servers ask for. */
export function namedUser(): Lack {
  try {
    userInfo();
    return undefined;
  } catch {
    return 'whoever runs this has no name on this machine';
  }
}

/** A user that may become any other user. */
export function root(): Lack {
  return process.getuid?.() === 0 ? undefined : 'only root may start programs as other users';
}

/** A user that may not. */
export function notRoot(): Lack {
  return process.getuid?.() !== 0 ? undefined : 'root may do everything';
}

/** A program that `node test/run.mjs core` builds. */
export function coreProgram(name: string): Lack {
  if (existsSync(corePath(name))) return undefined;
  return 'the core is not built (node test/run.mjs core)';
}

export const corePath = (name: string): string =>
  resolve(process.env['OXBOW_CORE_BUILD'] ?? 'build/core', name);
