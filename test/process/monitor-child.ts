// Programs that are looked at from outside: started with OXBOW_MONITOR=1, their sockets in a folder
// of the test's own.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ROOT } from '../support/root.ts';
import type { Ended } from './core-child.ts';

/** Inside the checkout, so that `oxbow` is this package. */
const SOURCES = join(ROOT, 'build', `monitor-${process.pid}`);
const LIMIT_MS = 20_000;

let runtime = '';
const children: ChildProcess[] = [];

/** To be called by every test file: one worker may run several of them with the same modules. */
export function watchPrograms(): void {
  beforeAll(() => {
    // Short, for a socket's path has at most 107 bytes.
    runtime = mkdtempSync(join(tmpdir(), 'oxm-'));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });
  afterAll(() => {
    rmSync(runtime, { recursive: true, force: true });
    rmSync(SOURCES, { recursive: true, force: true });
  });
}

/** What stands for XDG_RUNTIME_DIR. */
export function runtimeFolder(): string {
  return runtime;
}

/** Where the sockets are. */
export function socketFolder(): string {
  return join(runtime, 'oxbow');
}

export interface StartOptions {
  readonly env?: Record<string, string>;
  /** Of Node. */
  readonly args?: readonly string[];
}

function environment(env: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { NODE_OPTIONS, OXBOW_DEBUG, COLUMNS, ...rest } = process.env;
  return { ...rest, LANG: 'C.UTF-8', LC_ALL: '', XDG_RUNTIME_DIR: runtime, ...env };
}

/** A program that runs. */
export class Watched {
  readonly file: string;
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  #stdout = '';
  #stderr = '';
  #heard: (() => void) | null = null;

  constructor(name: string, source: string, { env = {}, args = [] }: StartOptions = {}) {
    mkdirSync(SOURCES, { recursive: true });
    this.file = join(SOURCES, `${name}.mjs`);
    writeFileSync(this.file, source);
    this.child = spawn(process.execPath, [...args, this.file], {
      cwd: ROOT,
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
      env: environment({ OXBOW_MONITOR: '1', ...env }),
    });
    children.push(this.child);
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#heard?.();
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.ended = once(this.child, 'close').then(([code, signal]) => {
      this.#heard?.();
      return { code, signal, stdout: this.#stdout, stderr: this.#stderr };
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  get socket(): string {
    return join(socketFolder(), `${this.pid}.sock`);
  }

  /** Until the program has written this. */
  async said(text: string): Promise<void> {
    while (!this.#stdout.includes(text)) {
      if (this.hasEnded()) {
        throw new Error(`the program ended without saying ${text}: ${this.#stderr}`);
      }
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Tells the program something. */
  tell(text: string): void {
    this.child.stdin!.write(text);
  }
}

/** Runs `oxbow` with these arguments. */
export async function oxbow(
  args: readonly (string | number)[],
  env: Record<string, string> = {},
): Promise<Ended> {
  const child = spawn(process.execPath, ['dist/cli/main.js', ...args.map(String)], {
    cwd: ROOT,
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(env),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code, signal] = await once(child, 'close');
  return { code, signal, stdout, stderr };
}

/** Sends bytes to a monitor and gives what it answers until it ends the connection or a line. */
export function exchange(socket: string, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = connect(socket);
    let answer = '';
    connection.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
      if (answer.endsWith('\n')) connection.end();
    });
    connection.on('error', reject);
    connection.on('close', () => resolve(answer));
    connection.write(bytes);
  });
}

interface Task {
  name: string;
  state: string;
  lane: string;
  coroutine: string;
  waitsFor: string;
  awaitedBy: number[];
  id: number;
  frames: { file: string; line: number; functionName: string }[];
}

export interface Answer {
  threads: {
    thread: number;
    state: string;
    callback: string;
    inCallback: boolean;
    age: number | null;
    stack: { file: string; line: number; functionName: string }[];
    loops: { driver: string; running: boolean; taskCount: number; tasks: Task[] }[];
  }[];
}

/** What the monitor of a program knows. */
export async function snapshot({ socket }: Watched): Promise<Answer> {
  const text = await exchange(socket, '{"version":1,"id":1,"command":"snapshot"}\n');
  return (JSON.parse(text) as { process: Answer }).process;
}

/**
 * Asks until the answer is as wanted: a program needs a while to get there, and nobody but the
 * monitor can tell when it has.
 */
export async function snapshotWhen(
  program: Watched,
  wanted: (answer: Answer) => boolean,
): Promise<Answer> {
  for (;;) {
    const answer = await snapshot(program).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' && error.code !== 'ECONNREFUSED') throw error;
      return null;
    });
    if (answer !== null && wanted(answer)) return answer;
    if (program.hasEnded()) throw new Error(`${program.file} has ended`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * The same for what `oxbow` prints: a thread that is held may be seen in the moment in which a
 * signal, such as one that ends a pause of the process, has woken it.
 */
export async function oxbowWhen(
  program: Watched,
  args: readonly (string | number)[],
  wanted: RegExp,
): Promise<Ended> {
  for (;;) {
    const ended = await oxbow(args);
    if (wanted.test(ended.stdout)) return ended;
    if (program.hasEnded()) throw new Error(`${program.file} has ended`);
  }
}

/**
 * When the monitor's thread is up, the loops of the program are known and it does something. On a
 * busy machine a thread may be late with an answer, which is then an older one.
 */
export function whenListed(program: Watched, tasks: number): Promise<Answer> {
  return snapshotWhen(program, ({ threads }) =>
    threads.some(
      ({ state, loops }) => state === 'ok' && loops.some(({ taskCount }) => taskCount === tasks),
    ),
  );
}
