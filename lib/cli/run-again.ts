/**
 * Running the same command again in a process with other Node options: to strip types, which Node
 * 22.6 to 22.17 does only on request, or to watch the program's files.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const FLAG = '--experimental-strip-types';
const QUIET = '--disable-warning=ExperimentalWarning';

/** Whether another process with type stripping could run the program. */
export function canStripTypes(): boolean {
  // If this process already has the option, another one would not help.
  return process.allowedNodeEnvironmentFlags.has(FLAG) && !process.execArgv.includes(QUIET);
}

/** Runs `oxbow` again with type stripping. @returns its exit code */
export function runStripping(args: readonly string[]): Promise<number> {
  return runAgain([FLAG, QUIET], args);
}

/** Runs `oxbow` again, and restarts it whenever an imported file changes. @returns its exit code */
export function runWatching(args: readonly string[]): Promise<number> {
  return runAgain(['--watch'], args);
}

function runAgain(flags: readonly string[], args: readonly string[]): Promise<number> {
  const main = fileURLToPath(new URL('./main.js', import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, ...flags, main, ...args], {
    stdio: 'inherit',
  });
  const forget = passSignalsOn(child);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      forget();
      if (signal === null) return resolve(code!);
      // End this process by the same signal.
      process.kill(process.pid, signal);
      resolve(128 + constants.signals[signal]);
    });
  });
}

/**
 * Forwards signals to the child, for which they are meant. Ctrl-C in a terminal reaches both
 * processes, so there it is only kept from ending this one.
 */
function passSignalsOn(child: ChildProcess): () => void {
  const terminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  const pass = (signal: NodeJS.Signals): void => {
    if (signal !== 'SIGINT' || !terminal) child.kill(signal);
  };
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'];
  for (const signal of signals) process.on(signal, pass);
  return () => {
    for (const signal of signals) process.removeListener(signal, pass);
  };
}
