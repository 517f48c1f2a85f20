/**
 * Ctrl-C and SIGTERM in a program that does not catch KeyboardInterrupt: one line and exit code 130
 * or 143, where Node would show a stack of this package's insides and exit with 1.
 */
import { writeSync } from 'node:fs';

import { isMainThread } from '../support/worker-threads.ts';

/** 128 plus the signal's number, the shell's convention, by the name of the error. */
const EXIT_CODES: Readonly<Record<string, number>> = { KeyboardInterrupt: 130, Terminated: 143 };

/** The exit code that says how a program was interrupted; undefined for every other error. */
export function interruptedCode(error: unknown): number | undefined {
  // By name, since the program may have loaded another copy of the class.
  return error instanceof Error && Object.hasOwn(EXIT_CODES, error.name)
    ? EXIT_CODES[error.name]
    : undefined;
}

let watching = false;

/** From now on an uncaught KeyboardInterrupt ends the process that way. */
export function watchForUncaught(): void {
  // An uncaught error of a worker goes to the thread that started it.
  if (watching || !isMainThread()) return;
  watching = true;
  // Called before Node prints anything; does not affect other errors.
  process.on('uncaughtExceptionMonitor', endQuietly);
}

function endQuietly(error: unknown): void {
  const code = interruptedCode(error);
  if (code === undefined) return;
  // The program's own listeners for uncaught errors take precedence.
  if (process.listenerCount('uncaughtException') > 0) return;
  if (process.hasUncaughtExceptionCaptureCallback()) return;
  try {
    const { name, message } = error as Error;
    writeSync(2, `${name}: ${message}\n`);
  } catch {
    // stderr is closed.
  }
  process.exit(code);
}
