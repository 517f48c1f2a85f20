/**
 * Who listens to an AbortSignal: any number, with one listener of Node's.
 *
 * One signal may be handed to ten thousand calls. Node's own list of listeners is searched from the
 * front for every addition and removal, and warns of a leak at the eleventh; a set does neither.
 */
import { describe } from './describe.ts';

class Listeners {
  readonly calls: Set<() => void> = new Set();

  /** For `addEventListener`; an object with a method needs no closure. */
  handleEvent(): void {
    // Those that one of them takes away meanwhile are not called any more, as with Node's.
    for (const call of this.calls) call();
  }
}

const listeners: WeakMap<AbortSignal, Listeners> = new WeakMap();

/** Calls `call` when the signal aborts. @returns takes it back; harmless once it was called */
export function listenToAbort(signal: AbortSignal, call: () => void): () => void {
  let all = listeners.get(signal);
  if (all === undefined) listeners.set(signal, (all = new Listeners()));
  if (all.calls.size === 0) signal.addEventListener('abort', all, { once: true });
  all.calls.add(call);
  return () => {
    if (!all.calls.delete(call) || all.calls.size > 0) return;
    // Also so that a signal that nobody listens to can be collected (AbortSignal.any, timeout).
    signal.removeEventListener('abort', all);
  };
}

/** @throws TypeError when it is no AbortSignal */
export function checkSignal(signal: AbortSignal): void {
  if (typeof signal.addEventListener !== 'function' || typeof signal.aborted !== 'boolean') {
    throw new TypeError(`signal: ${describe(signal)} is not an AbortSignal`);
  }
}
