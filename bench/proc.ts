// The resources used by a process, read from /proc, which costs the process itself nothing.
import { readdirSync, readFileSync } from 'node:fs';

/**
 * The CPU time of all threads of a process in nanoseconds, user and system together. The kernel
 * updates the value of a running thread at scheduler ticks, so it may be some milliseconds old: use
 * it for intervals of a second or more.
 */
export function cpuNs(pid: number): number {
  let total = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const [ran] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    total += Number(ran);
  }
  return total;
}

/** The resident memory of a process, in KiB. */
export function residentKib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(status);
  if (match === null) throw new Error(`/proc/${pid}/status has no VmRSS`);
  return Number(match[1]);
}
