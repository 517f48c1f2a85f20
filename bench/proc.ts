// What a process has used, read from /proc: from outside, so reading costs the process nothing.
import { readdirSync, readFileSync } from 'node:fs';

/**
 * CPU time of all threads of a process in nanoseconds, user and system together. The scheduler
 * brings the number of a running thread up to date at its ticks, so it may be some milliseconds
 * old: measure over a second, not over a moment.
 */
export function cpuNs(pid: number): number {
  let total = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const [ran] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    total += Number(ran);
  }
  return total;
}

/** Memory of a process that is resident now, in KiB. */
export function residentKib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(status);
  if (match === null) throw new Error(`/proc/${pid}/status has no VmRSS`);
  return Number(match[1]);
}
