// Work for the executor tests, as a module that threads load.
import { threadId } from 'node:worker_threads';

let calls = 0;

export default function double(n: number): number {
  return n * 2;
}

export function count(): [thread: number, calls: number] {
  return [threadId, ++calls];
}

export async function later(value: string): Promise<string> {
  await null;
  return value;
}

export function* coroutine(): Generator {
  yield;
}

export const notAFunction = 3;

/** Says that it has begun, and waits until it is let go. */
export function meet(shared: SharedArrayBuffer): string {
  const numbers = new Int32Array(shared);
  Atomics.add(numbers, 0, 1);
  Atomics.notify(numbers, 0);
  Atomics.wait(numbers, 1, 0);
  Atomics.add(numbers, 2, 1);
  Atomics.notify(numbers, 2);
  return 'met';
}

/** Says that it has begun, and never ends. */
export function forever(shared: SharedArrayBuffer): never {
  const numbers = new Int32Array(shared);
  Atomics.add(numbers, 0, 1);
  Atomics.notify(numbers, 0);
  for (;;);
}
