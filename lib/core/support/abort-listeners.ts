/**
 * Any number of callbacks for an AbortSignal, with a single event listener.
 *
 * One signal may be handed to ten thousand calls. Node's own list of listeners is searched from the
 * front for every addition and removal, and warns of a leak at the eleventh; a set does neither.
 */
import { describe } from './describe.ts';

class Listeners {
  readonly calls: Set<() => void> = new Set();

  /** For `addEventListener`; an object with a method needs no closure. */
  handleEvent(): void {
    // Callbacks that an earlier one removes are not called, as with Node's own listeners.
    for (const call of this.calls) call();
  }
}

const listeners: WeakMap<AbortSignal, Listeners> = new WeakMap();

/** Calls `call` when the signal aborts. @returns a function that removes it, at any time */
export function listenToAbort(signal: AbortSignal, call: () => void): () => void {
  let all = listeners.get(signal);
  if (all === undefined) listeners.set(signal, (all = new Listeners()));
  if (all.calls.size === 0) signal.addEventListener('abort', all, { once: true });
  all.calls.add(call);
  return () => {
    if (!all.calls.delete(call) || all.calls.size > 0) return;
    // Otherwise a signal without callbacks could not be collected (AbortSignal.any, timeout).
    signal.removeEventListener('abort', all);
  };
}

/** @throws TypeError when `signal` is not an AbortSignal */
export function checkSignal(signal: AbortSignal): void {
  if (typeof signal.addEventListener !== 'function' || typeof signal.aborted !== 'boolean') {
    throw new TypeError(`signal: ${describe(signal)} is not an AbortSignal`);
  }
}
