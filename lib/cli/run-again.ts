/**
 * The same command once more, in a process whose Node was asked for something: to strip types,
 * which Node 22.6 to 22.17 does only then, or to watch the program's files.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const FLAG = '--experimental-strip-types';
const QUIET = '--disable-warning=ExperimentalWarning';

/** Whether another process could do what this one cannot. */
export function canStripTypes(): boolean {
  // One that was asked and still cannot will not learn it.
  return process.allowedNodeEnvironmentFlags.has(FLAG) && !process.execArgv.includes(QUIET);
}

/** Runs `oxbow` again with type stripping. @returns its exit code */
export function runStripping(args: readonly string[]): Promise<number> {
  return runAgain([FLAG, QUIET], args);
}

/** Runs it, and again whenever a file changes that it has imported. @returns its exit code */
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
      // This process ends as that one did.
      process.kill(process.pid, signal);
      resolve(128 + constants.signals[signal]);
    });
  });
}

/**
 * Signals that are sent to this process are meant for the program. Ctrl-C in a terminal reaches
 * both processes, so there it is only kept from ending this one.
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
