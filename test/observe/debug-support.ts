// What the tests of debug mode share.
import type { AwaitableLike } from 'oxbow';
import { VirtualLoop } from 'oxbow/testing';

/** A loop in simulated time that keeps its warnings. */
export class WatchedLoop extends VirtualLoop {
  readonly warnings: string[] = [];

  override _warn(message: string): void {
    this.warnings.push(message);
  }
}

/** Runs a main in debug mode, closes the loop, and gives what it has warned of. */
export async function warningsOf(main: AwaitableLike, debug = true): Promise<string[]> {
  const loop = new WatchedLoop({ debug });
  try {
    await loop.runUntilComplete(main);
  } finally {
    loop.close();
  }
  return loop.warnings;
}

/** The line of this call in the compiled test, as it stands in stacks. */
export function here(offset = 0): number {
  const match = /:(\d+):\d+\)?$/.exec(new Error().stack!.split('\n')[2]!);
  return Number(match![1]) + offset;
}
