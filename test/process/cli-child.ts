// Runs the command `oxbow`, as it was built, in a process of its own.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ROOT } from '../support/root.ts';
import type { Ended } from './core-child.ts';

export const MAIN = join(ROOT, 'dist/cli/main.js');

/**
 * No more than these run at once: a whole table of children would share two cores, and on a busy
 * machine each would be near its limit before any has ended.
 */
const CHILDREN_MAX = 3;
const queue: (() => void)[] = [];
let running = 0;

async function inTurn<T>(body: () => Promise<T>): Promise<T> {
  if (running === CHILDREN_MAX)
    await new Promise<void>((resolve) => {
      queue.push(resolve);
    });
  else running++;
  try {
    return await body();
  } finally {
    const next = queue.shift();
    // Its place goes to the next one.
    if (next) next();
    else running--;
  }
}

/** After this a child is taken for hung; far more than any of them needs. */
const LIMIT_MS = 20_000;

export interface CliOptions {
  cwd?: string;
  /** For stdin, which is then closed; without it stdin is empty. */
  input?: string;
  /** Options of Node. */
  node?: readonly string[];
  env?: Record<string, string>;
  /** Where its stdout and stderr go: to a file, or to a pipe that nobody reads. By default here. */
  stdout?: string | null;
  stderr?: string | null;
  /** Called with the child's pid and what it has written so far, at every piece of it. */
  react?: (pid: number, stdout: string, write: (text: string) => void) => void;
}

export function oxbow(args: readonly string[], options: CliOptions = {}): Promise<Ended> {
  return inTurn(() => start(args, options));
}

function start(args: readonly string[], options: CliOptions): Promise<Ended> {
  const { node = [], env = {}, input = '', react } = options;
  return new Promise((resolve, reject) => {
    const to = [options.stdout, options.stderr].map((path) =>
      typeof path === 'string' ? openSync(path, 'w') : ('pipe' as const),
    );
    const child = spawn(process.execPath, [...node, MAIN, ...args], {
      stdio: ['pipe', ...to],
      cwd: options.cwd ?? ROOT,
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
      // Colours and debug mode change what is printed, whoever may have asked for them.
      env: { ...process.env, OXBOW_DEBUG: '', FORCE_COLOR: undefined, NO_COLOR: '1', ...env },
    });
    for (const each of to) if (typeof each === 'number') closeSync(each);
    if (options.stdout === null) child.stdout!.destroy();
    if (options.stderr === null) child.stderr!.destroy();
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      react?.(child.pid!, stdout, (more) => child.stdin!.write(more));
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    // A child that ends without reading is no error here.
    child.stdin!.on('error', () => {});
    child.stdin!.write(input);
    if (react === undefined) child.stdin!.end();
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

export interface Programs {
  readonly folder: string;
  /** Writes a file. @returns its path */
  write(file: string, ...lines: string[]): string;
  remove(): void;
}

/** A folder for programs, inside of the checkout, so that `oxbow` means this package. */
export function programs(name: string): Programs {
  const folder = join(ROOT, 'build', `${name}-${process.pid}`);
  return {
    folder,
    write(file, ...lines) {
      const path = join(folder, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, lines.join('\n'));
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
