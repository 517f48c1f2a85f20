/** Finding and importing the program that a command runs, and choosing the export to run. */
import { statSync } from 'node:fs';
import { extname, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { isAwaitable } from '../core/loop/ensure-future.ts';
import * as oxbow from '../index.ts';
import type { AwaitableLike } from '../index.ts';
import { OwnLoops } from './own-loops.ts';
import type { ProgramOptions } from './run.ts';
import { otherCopy } from './own-copy.ts';
import { canStripTypes, runStripping } from './run-again.ts';

/** The program cannot be run, for a reason outside its own code. */
export class ProgramError extends Error {
  override name = 'ProgramError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** A program that can be run. */
export interface Program {
  readonly main: AwaitableLike;
  /** `run` of the copy of this package that the program imports. */
  readonly run: typeof oxbow.run;
}

/**
 * @returns the program; or the exit code when it was run in another process, or has run itself (it
 *   exports nothing to run, but ran a loop when it was imported)
 */
export async function loadProgram(
  file: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<Program | number> {
  const path = toPath(file);
  const run = await runOf(path, options);
  process.argv.splice(1, process.argv.length, path, ...args);
  const loops = new OwnLoops();
  try {
    const module = await importProgram(path, options.again);
    if (typeof module === 'number') return module;
    const main = chooseMain(module, args);
    if (main !== null) return { main, run };
    if (!loops.any) throw nothingToRun(path, module);
    await loops.stopped();
    return 0;
  } finally {
    loops.end();
  }
}

/**
 * Imports a program.
 * @param again - the arguments of `oxbow` that do the same in another process
 * @returns its exports, or the exit code when it was run in another process
 */
export async function importProgram(
  path: string,
  again: readonly string[] | undefined,
): Promise<Record<string, unknown> | number> {
  try {
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (error) {
    if (!isUnknownTypeScript(error, path)) throw error;
    if (again !== undefined && canStripTypes()) return runStripping(again);
    throw new ProgramError(
      `Node ${process.version} cannot run ${relative('', path)}: TypeScript needs Node ` +
        '22.6 or newer; or compile it first and run the .js file',
      2,
    );
  }
}

/** The absolute path of a program. @throws ProgramError when there is no such file */
export function toPath(file: string): string {
  let path: string;
  try {
    path = file.startsWith('file:') ? fileURLToPath(file) : resolve(file);
  } catch (error) {
    throw new ProgramError(`${file} is no file: ${(error as Error).message}`, 2);
  }
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new ProgramError(`there is no file ${path}`, 2);
  if (found.isDirectory()) throw new ProgramError(`${path} is a folder, not a file`, 2);
  return path;
}

async function runOf(path: string, options: ProgramOptions): Promise<typeof oxbow.run> {
  const theirs = otherCopy(path, 'oxbow');
  if (theirs === null) return oxbow.run;
  if (options.loopFactory !== undefined) {
    throw new ProgramError(
      `the program uses another copy of oxbow, ${theirs}; use the command of that one`,
      2,
    );
  }
  return ((await import(pathToFileURL(theirs).href)) as typeof oxbow).run;
}

const TYPESCRIPT = new Set(['.ts', '.mts', '.cts']);

/** Whether the import failed because this Node does not support TypeScript files. */
function isUnknownTypeScript(error: unknown, path: string): boolean {
  return (
    TYPESCRIPT.has(extname(path)) &&
    error instanceof Error &&
    (error as NodeJS.ErrnoException).code === 'ERR_UNKNOWN_FILE_EXTENSION' &&
    error.message.includes(path)
  );
}

/**
 * The exports of a CommonJS module are its default export; compilers put another `default` inside.
 */
function insideDefault({ default: whole }: Record<string, unknown>): Record<string, unknown> {
  return typeof whole === 'object' && whole !== null ? (whole as Record<string, unknown>) : {};
}

function chooseMain(
  module: Record<string, unknown>,
  args: readonly string[],
): AwaitableLike | null {
  const whole = module['default'];
  const inside = insideDefault(module);
  for (const each of [whole, inside['default'], module['main'], inside['main']]) {
    if (typeof each === 'function') return callWith(each as Main, args);
    if (isAwaitable(each)) return each;
  }
  return null;
}

function nothingToRun(path: string, module: Record<string, unknown>): ProgramError {
  const names = new Set([...Object.keys(module), ...Object.keys(insideDefault(module))]);
  names.delete('__esModule');
  names.delete('module.exports');
  const exported = names.size === 0 ? 'it exports nothing' : `it exports ${[...names].join(', ')}`;
  return new ProgramError(
    `${relative('', path)} has nothing to run: its default export or ` +
      `its export 'main' must be a function* or async function, or an awaitable; ${exported}`,
    1,
  );
}

type Main = (...args: readonly string[]) => unknown;

/** A function that calls main and returns its awaitable, in either lane. */
function callWith(main: Main, args: readonly string[]): () => PromiseLike<unknown> {
  return () => {
    const made = main(...args);
    if (isAsyncGenerator(made)) {
      throw new TypeError(
        'main is an async generator, which nobody would go through; ' +
          'make it a function* or an async function',
      );
    }
    // A plain function may already be done when it returns.
    return (isAwaitable(made) ? made : Promise.resolve(made)) as PromiseLike<unknown>;
  };
}

function isAsyncGenerator(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Symbol.asyncIterator in value &&
    typeof (value as AsyncGenerator).next === 'function' &&
    !('then' in value)
  );
}
