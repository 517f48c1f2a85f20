/** Packing values with an error that names the one that cannot be cloned. */
import { describe } from '../../core/support/describe.ts';
import { pack } from './wire.ts';
import type { Packed } from './wire.ts';

/**
 * Packs values for another thread.
 * @param nameOf - what the n-th value is, for the message
 * @throws DOMException named DataCloneError when a value cannot be cloned
 */
export function packCloned(values: readonly unknown[], nameOf: (index: number) => string): Packed {
  try {
    return pack(values);
  } catch (cause) {
    const index = values.findIndex((value) => !packs(value));
    const culprit = Math.max(index, 0);
    throw cannotClone(nameOf(culprit), values[culprit], cause);
  }
}

function packs(value: unknown): boolean {
  try {
    pack([value]);
    return true;
  } catch {
    return false;
  }
}

function cannotClone(what: string, value: unknown, cause: unknown): DOMException {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const kind = typeof value === 'function' ? 'a function' : describe(value);
  return new DOMException(
    `${what} cannot travel to another thread, it is ${kind}: ${reason.split('\n')[0]}; ` +
      'plain data does (what structured clone takes, nothing transferred or shared)',
    'DataCloneError',
  );
}
