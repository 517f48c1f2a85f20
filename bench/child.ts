// A child process that is pinned to a core and prints lines of JSON. Everything that is measured
// runs in one, so no trial inherits the heap, compiled code or timers of another.
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { rootDir } from './paths.ts';

type Json = Record<string, number | boolean>;

/** Server and load each have a core of their own; on a machine with one core they share it. */
export const serverCore = 0;
export const loadCore = availableParallelism() > 1 ? 1 : 0;

// A child that prints nothing for this long is given up.
const PATIENCE_MS = 120_000;
const STDERR_MAX = 4096;

const canPin = spawnSync('taskset', ['-c', '0', 'true']).status === 0;
let pins = canPin;
const living = new Set<Child>();

/** Stops pinning children to cores, for when several trials run at once. */
export function unpin(): void {
  pins = false;
}

/** A note for readers of the table about the cores that were used. */
export function pinningNote(): string {
  if (!canPin) return 'not pinned to cores (no taskset here): read the numbers with care';
  if (!pins) return 'several trials at once, on any core';
  if (serverCore === loadCore) return 'server and load share the one core';
  return `server on core ${serverCore}, load on core ${loadCore}`;
}

export class Child {
  readonly pid: number;
  readonly #name: string;
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #exited: Promise<void>;
  readonly #lines: string[] = [];
  #partial = '';
  #stderr = '';
  #gone: string | undefined;
  #wake: () => void = () => {};

  /** @param cores - one core, or several in taskset's syntax */
  constructor(command: string[], cores: number | string, env: Record<string, string> = {}) {
    const [file, ...args] = pins ? ['taskset', '-c', String(cores), ...command] : command;
    this.#name = command.map((part) => part.replace(`${rootDir}/`, '')).join(' ');
    this.#process = spawn(file, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    this.pid = this.#process.pid ?? -1;
    this.#exited = new Promise((resolve) => {
      this.#process.once('error', (error) => this.#end(error.message, resolve));
      this.#process.once('close', (code, signal) => {
        this.#end(signal === null ? `exit code ${code}` : `signal ${signal}`, resolve);
      });
    });
    this.#process.stdout.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_MAX);
    });
    // Ignored: a broken pipe means that the child has died, which is reported with its last output.
    this.#process.stdin.on('error', () => {});
    living.add(this);
  }

  /** The next line, parsed. If the child ended instead, throws an error with its stderr. */
  async answer(): Promise<Json> {
    const line = await this.line();
    try {
      return JSON.parse(line) as Json;
    } catch {
      throw new Error(`${this.#name}: expected a line of JSON, got ${line}`);
    }
  }

  /** The next line of standard output. */
  async line(): Promise<string> {
    const deadline = setTimeout(() => this.#process.kill('SIGKILL'), PATIENCE_MS);
    while (this.#lines.length === 0 && this.#gone === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    clearTimeout(deadline);
    const line = this.#lines.shift();
    if (line !== undefined) return line;
    throw new Error(`${this.#name}: ended (${this.#gone})\n${this.#stderr.trim()}`);
  }

  send(line: string): void {
    this.#process.stdin.write(`${line}\n`);
  }

  /** Ends the child and waits for its exit. */
  async stop(): Promise<void> {
    this.#process.kill('SIGTERM');
    const deadline = setTimeout(() => this.#process.kill('SIGKILL'), 5000);
    await this.#exited;
    clearTimeout(deadline);
  }

  /** All of standard output, once the child has ended by itself. */
  async rest(): Promise<string> {
    await this.#exited;
    return [...this.#lines, this.#partial].join('\n');
  }

  killNow(): void {
    this.#process.kill('SIGKILL');
  }

  #take(text: string): void {
    const lines = (this.#partial + text).split('\n');
    this.#partial = lines.pop()!;
    this.#lines.push(...lines);
    this.#wake();
  }

  #end(reason: string, resolve: () => void): void {
    this.#gone ??= reason;
    living.delete(this);
    this.#wake();
    resolve();
  }
}

// Ctrl-C and errors must not leave a busy server behind.
process.once('exit', () => {
  for (const child of living) child.killNow();
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => process.exit(130));
}
