/** The command's own output, and handling of output that cannot be written. */
import { errorMonitor } from 'node:events';
import type { EventEmitter } from 'node:events';

let printing = false;
let complaining = false;

/**
 * Prints to stdout. When that fails the command ends: with exit code 0 when the reader has gone
 * (`oxbow top 1 | head`), otherwise with 1 and a message on stderr.
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

/** Writes to stderr. Errors of stderr are ignored: only the exit code can report them. */
export function complain(text: string): void {
  if (!complaining) {
    complaining = true;
    process.stderr.on('error', () => {});
  }
  process.stderr.write(text);
}

/** Reports an error in the command line. @returns the exit code */
export function usage(command: string, help: string, message: string): number {
  complain(`oxbow ${command}: ${message}\n\n${help.slice(0, help.indexOf('\n'))}\n`);
  return 2;
}

/**
 * Watches the stdout of a program that runs in this process. Node silently drops what `console.log`
 * cannot write, but a program whose output was lost must not end as a success. A reader that has
 * gone (EPIPE), and errors that Node does not drop, are left to Node.
 */
export function reportLostOutput(): void {
  let lost: Error | null = null;
  // Unlike an 'error' listener, this does not affect the program.
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
