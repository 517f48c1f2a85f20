/** `oxbow run FILE`: runs the main function of a program on a new loop. */
import type { RunOptions } from '../index.ts';
import { interruptedCode } from '../core/errors/uncaught-interrupt.ts';
import { Interrupts } from './interrupts.ts';
import { loadProgram, ProgramError } from './load-program.ts';
import type { Program } from './load-program.ts';
import { loopOptions } from './loop-options.ts';
import { complain, reportLostOutput, usage } from './output.ts';
import { printError } from './print-error.ts';

const HELP = `Usage: oxbow run [options] FILE [arguments]

Imports FILE and runs its default export, or else its export 'main', on a loop:
a function* or async function, which gets the arguments, or something awaitable.
A FILE that calls run() itself need not export any.
FILE may be an ES or a CommonJS module, and TypeScript where Node runs that
(22.6 or newer). Everything after FILE belongs to the program.

Options:
  --debug     debug mode of the loop
  -h, --help  this text

Ctrl-C or SIGTERM cancels the main function; a second one ends the program at
once.
Exit code: 0, or what the program sets as process.exitCode; what the main
function returns is no exit code. 1 after an error, 130 after Ctrl-C, 143 after
SIGTERM, 13 when the main function can never end, 2 when the command line is
wrong.
`;

/** Options of `runProgram`. */
export interface ProgramOptions extends Pick<RunOptions, 'debug' | 'loopFactory'> {
  /** The arguments of `oxbow` that run the same program again in another process. */
  again?: readonly string[] | undefined;
}

/** `oxbow run`. @returns the exit code */
export async function runCommand(args: readonly string[]): Promise<number> {
  const [own, [file, ...rest]] = splitArguments(args);
  const options = loopOptions('run', HELP, own);
  if (typeof options === 'number') return options;
  if (file === undefined) return usage('run', HELP, 'no FILE was given');
  const { debug } = options;
  // Also for loops and workers that the program creates itself.
  if (debug === true) process.env['OXBOW_DEBUG'] = '1';
  const code = await runProgram(file, rest, { debug, again: ['run', ...args] });
  // As after an uncaught error, exit even if the process has other work left.
  if (code !== 0) process.exit(code);
  return 0;
}

/** The arguments before FILE, and FILE with the arguments of the program. */
function splitArguments(args: readonly string[]): [string[], string[]] {
  let at = args.findIndex((each) => each === '--' || !each.startsWith('-'));
  if (at === -1) at = args.length;
  return [args.slice(0, at), args.slice(args[at] === '--' ? at + 1 : at)];
}

/**
 * Runs a program in this process: imports `file` and runs its default export or its `main` with
 * `args`, on a loop that is a guest of Node's. Errors are written to stderr.
 *
 * @param file - a path or a `file:` URL
 * @returns the exit code: 0; 1 after an error; 130 after Ctrl-C, 143 after SIGTERM; 2 when there is
 *   no such program
 */
export async function runProgram(
  file: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<number> {
  const unfinished = watchForEnd();
  reportLostOutput();
  try {
    const program = await loadProgram(file, args, options);
    if (typeof program === 'number') return program;
    unfinished.what = 'the main function of the program';
    return await runMain(program, options);
  } catch (error) {
    if (error instanceof ProgramError) {
      complain(`oxbow run: ${error.message}\n`);
      return error.exitCode;
    }
    return interruptedCode(error) ?? (await printError(error));
  } finally {
    unfinished.remove();
  }
}

async function runMain(
  { main, run }: Program,
  { debug, loopFactory }: ProgramOptions,
): Promise<number> {
  const interrupts = new Interrupts();
  try {
    await interrupts.during(() => run(main, { debug, loopFactory }));
    return 0;
  } finally {
    interrupts.remove();
  }
}

/**
 * Node silently ends a process when nothing it waits for can happen. For a program that is not done
 * that is an error, reported with Node's own exit code for it, 13.
 */
function watchForEnd(): { what: string; remove(): void } {
  const watch = {
    what: 'the import of the program',
    remove: (): void => {
      process.removeListener('beforeExit', empty);
      process.removeListener('exit', ended);
    },
  };
  // Not when the program calls process.exit(), or when another 'beforeExit' listener starts new
  // work.
  let nothingLeft = false;
  const empty = (): void => {
    nothingLeft = true;
    setImmediate(() => {
      nothingLeft = false;
    }).unref();
  };
  const ended = (code: number): void => {
    if (code !== 0 || !nothingLeft) return;
    complain(
      `oxbow run: ${watch.what} has not ended, and nothing that it waits for ` +
        'can happen any more\n',
    );
    process.exitCode = 13;
  };
  process.on('beforeExit', empty);
  process.once('exit', ended);
  return watch;
}
