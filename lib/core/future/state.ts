/**
 * The states of a future, and the two iterator results that all futures share: `yield*` and the
 * driver read them before anything else can run.
 */
import type { FutureCore } from '../contract/future-core.ts';

export const PENDING = 0;
export const DONE = 1;
/** Failed, and the error was not retrieved yet. */
export const FAILED = 2;
/** Failed, and the error was retrieved. */
export const RETRIEVED = 3;
/** Cancelled; the value is the reason. */
export const CANCELLED = 4;
/** Cancelled with an existing CancelledError, which the first reader gets. */
export const CANCELLED_WITH = 5;
/** During a probe (debug/task-frames.ts): hides the real state, and looks like pending. */
export const PROBED = -1;

/** What `next()` of a pending future returns; the driver recognises it by identity. */
export const AWAITING: { done: false; value: FutureCore } = { done: false, value: undefined! };

/**
 * The future that AWAITING refers to. Only a driver takes it, once: if it was not taken before the
 * next step, the iteration was not a wait.
 */
export function takeAwaited<F extends FutureCore = FutureCore>(): F {
  const future = AWAITING.value as F;
  AWAITING.value = undefined!;
  return future;
}

export const READY: { done: true; value: any } = { done: true, value: undefined };

/**
 * Drops the references to what was awaited last: the two results above would keep it, and with it
 * a closed loop, alive until the next await. They are never read after the step that set them.
 */
export function forgetAwaited(): void {
  AWAITING.value = undefined!;
  READY.value = undefined;
}

let probed = '';

/** A probe has reached the future that a coroutine waits for. */
export function noteProbe(stack: string): void {
  probed = stack;
}

/** The stack that the last probe found; empty when it reached no future. */
export function takeProbe(): string {
  const stack = probed;
  probed = '';
  return stack;
}
