/** What the command says itself, and what happens when that, or a program's output, is lost. */
import { errorMonitor } from 'node:events';
import type { EventEmitter } from 'node:events';

let printing = false;
let complaining = false;

/**
 * Prints to stdout. When that fails the command ends: with 0 when nobody reads any more
 * (`oxbow top 1 | head`), else with 1 and a word on stderr.
 */
export function print(text: string): void {
  watchOutput();
  process.stdout.write(text);
}

/** Makes the command end when stdout fails, whichever code writes to it. */
export function watchOutput(): void {
  if (printing) return;
  printing = true;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    complain(`oxbow: stdout cannot be written: ${error.message}\n`);
    process.exit(1);
  });
}

/** Writes to stderr. Where that fails, only the exit code can say so. */
export function complain(text: string): void {
  if (!complaining) {
    complaining = true;
    process.stderr.on('error', () => {});
  }
  process.stderr.write(text);
}

/** Says what is wrong with a command line. @returns the exit code */
export function usage(command: string, help: string, message: string): number {
  complain(`oxbow ${command}: ${message}\n\n${help.slice(0, help.indexOf('\n'))}\n`);
  return 2;
}

/**
 * Watches the stdout of a program that runs in this process. What `console.log` cannot write, Node
 * drops without a word; a program that believes to have printed it must not end as a success. When
 * it is only that nobody reads any more, all is left to Node, and so is every error that Node does
 * not drop.
 */
export function reportLostOutput(): void {
  let lost: Error | null = null;
  // Unlike a listener for errors, this changes nothing for the program.
  const stdout: EventEmitter = process.stdout;
  stdout.on(errorMonitor, (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') lost ??= error;
  });
  process.on('exit', (code) => {
    if (lost === null || (process.exitCode ?? code) !== 0) return;
    complain(`oxbow: not all that the program printed could be written: ${lost.message}\n`);
    process.exitCode = 1;
  });
}
