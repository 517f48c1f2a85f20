/**
 * Ctrl-C in a program that does not catch KeyboardInterrupt: one line and exit code 130, where Node
 * would show a stack of this package's insides and exit with 1.
 */
import { writeSync } from 'node:fs';

import { isMainThread } from '../support/worker-threads.ts';

/** 128 and the number of SIGINT, as shells count. */
const INTERRUPTED = 130;

let watching = false;

/** From now on an uncaught KeyboardInterrupt ends the process that way. */
export function watchForUncaught(): void {
  // What a worker does not catch is told to the thread that has started it.
  if (watching || !isMainThread()) return;
  watching = true;
  // It is told before anything is printed, and leaves every other error as it was.
  process.on('uncaughtExceptionMonitor', endQuietly);
}

function endQuietly(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'KeyboardInterrupt') return;
  // Whoever listens for uncaught errors decides about this one too.
  if (process.listenerCount('uncaughtException') > 0) return;
  if (process.hasUncaughtExceptionCaptureCallback()) return;
  try {
    writeSync(2, `${error.name}: ${error.message}\n`);
  } catch {
    // Nobody reads it.
  }
  process.exit(INTERRUPTED);
}
