// Runs a program on Oxbow in a process of its own and tells how it ended.
import { spawn } from 'node:child_process';

import { ROOT } from '../support/root.ts';

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** After this a child is taken for hung; far more than any of them needs. */
const LIMIT_MS = 20_000;

/**
 * Runs `source` as an ES module.
 * @param react - called with the child's pid and what it has written so far, at every piece of it
 */
export function runChild(
  source: string,
  react?: (pid: number, stdout: string) => void,
  args: string[] = [],
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args, '--input-type=module', '-e', source], {
      cwd: ROOT,
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      react?.(child.pid!, stdout);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
