/**
 * What a future can be, and the two iterator results that all of them share: `yield*` and the
 * driver read them before anything else can run.
 */
import type { FutureCore } from '../contract/future-core.ts';

export const PENDING = 0;
export const DONE = 1;
/** Failed, and nobody has looked at the error yet. */
export const FAILED = 2;
/** Failed, and the error was retrieved. */
export const RETRIEVED = 3;
/** Cancelled; the value is the reason. */
export const CANCELLED = 4;
/** Cancelled by a CancelledError of its own, which goes to the first who asks. */
export const CANCELLED_WITH = 5;
/** For the moment of a probe (debug/task-frames.ts): hides the real state, and seems pending. */
export const PROBED = -1;

/** What `next()` of a pending future gives; the driver knows it by identity. */
export const AWAITING: { done: false; value: FutureCore } = { done: false, value: undefined! };

/**
 * The future that AWAITING speaks of. Only a driver takes it, and takes it once: what nobody
 * takes, before the next step, was no wait.
 */
export function takeAwaited<F extends FutureCore = FutureCore>(): F {
  const future = AWAITING.value as F;
  AWAITING.value = undefined!;
  return future;
}

export const READY: { done: true; value: any } = { done: true, value: undefined };

/**
 * Lets go of what was awaited last: the two results above would keep it, and with it a loop that is
 * closed, until the next await. Nobody reads them later than in the step that made them.
 */
export function forgetAwaited(): void {
  AWAITING.value = undefined!;
  READY.value = undefined;
}

let probed = '';

/** A probe has come to the future that a coroutine waits for. */
export function noteProbe(stack: string): void {
  probed = stack;
}

/** The stack that the last probe has found; empty when it has reached no future. */
export function takeProbe(): string {
  const stack = probed;
  probed = '';
  return stack;
}
