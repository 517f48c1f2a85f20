import type { Awaitable, Coro } from 'oxbow';

/** Seconds of wall time, and of CPU of the whole process, server included. */
export interface Measured {
  wall: number;
  cpu: number;
}

export function* measured(work: Awaitable<void> | Coro<void>): Coro<Measured> {
  const start = performance.now();
  const before = process.cpuUsage();
  yield* work;
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 };
}
