// What calls end with, for tests to look at.
import type { ExceptionContext } from 'oxbow';
import { VirtualLoop } from 'oxbow/testing';

/** What a function throws; the test fails when it does not. */
export function thrown(body: () => unknown): Error {
  try {
    body();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

/** What a Promise-like is rejected with. */
export async function rejection(promise: PromiseLike<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

/** Runs `body` with a loop in simulated time that is closed afterwards. */
export function withLoop<T>(body: (loop: VirtualLoop) => T): T {
  const loop = new VirtualLoop();
  try {
    return body(loop);
  } finally {
    loop.close();
  }
}

/** Collects what the exception handler hears. */
export function collectReports(loop: {
  setExceptionHandler(handler: (loop: any, context: ExceptionContext) => void): void;
}): ExceptionContext[] {
  const reports: ExceptionContext[] = [];
  loop.setExceptionHandler((_loop, context) => reports.push(context));
  return reports;
}
