/**
 * Sending errors to another thread. Structured clone would drop their `code` and the classes of
 * this package, so they are split into parts: name, message, stack, cause, the errors of a group,
 * and every property that can be cloned.
 */
import { describe } from '../../core/support/describe.ts';
import * as errors from '../../core/errors/errors.ts';
import { pack } from './wire.ts';
import type { Packed } from './wire.ts';

/** An error in parts, or a thrown value that is not an error. */
export type PackedError =
  | { value: unknown }
  | {
      name: string;
      message: string;
      stack: string | undefined;
      fields: Record<string, unknown>;
      cause?: PackedError;
      errors?: PackedError[];
    };

/** Causes and groups beyond these limits are cut off; they may even be circular. */
const DEPTH_MAX = 8;
const ERRORS_MAX = 1000;

const OWN_PARTS = new Set(['name', 'message', 'stack', 'cause', 'errors']);

/** Splits an error into parts. Never throws, whatever the value is. */
export function packError(error: unknown): PackedError {
  try {
    return takeApart(error, DEPTH_MAX, { left: ERRORS_MAX });
  } catch {
    // A getter or a proxy that throws.
    return inWords(error);
  }
}

/** An error as the values of a post. Never throws either. */
export function packErrorMessage(error: unknown): Packed {
  try {
    return pack([packError(error)]);
  } catch {
    // A value that threw only the second time it was read.
    return pack([inWords(error)]);
  }
}

function clonable(value: unknown): boolean {
  try {
    pack([value]);
    return true;
  } catch {
    return false;
  }
}

function inWords(error: unknown): PackedError {
  let message = 'an error that cannot be cloned';
  try {
    message += `: ${describe(error)}`;
  } catch {
    // It cannot even be described.
  }
  return { name: 'Error', message, stack: undefined, fields: {} };
}

function takeApart(error: unknown, depth: number, budget: { left: number }): PackedError {
  budget.left--;
  if (!(error instanceof Error)) return clonable(error) ? { value: error } : inWords(error);
  const packed: PackedError = {
    name: String(error.name),
    message: String(error.message),
    stack: error.stack === undefined ? undefined : String(error.stack),
    fields: fieldsOf(error),
  };
  if (depth === 0) return packed;
  const { cause, errors: several } = error as { cause?: unknown; errors?: unknown };
  if (cause !== undefined && budget.left > 0) {
    packed.cause = takeApart(cause, depth - 1, budget);
  }
  if (!Array.isArray(several)) return packed;
  packed.errors = [];
  for (const each of several) {
    if (budget.left > 0) packed.errors.push(takeApart(each, depth - 1, budget));
  }
  return packed;
}

function fieldsOf(error: Error): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(error)) {
    const value = (error as unknown as Record<string, unknown>)[key];
    if (!OWN_PARTS.has(key) && clonable(value)) fields[key] = value;
  }
  // A DOMException has its code in the prototype.
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' || typeof code === 'number') fields['code'] = code;
  return fields;
}

const CLASSES: Record<string, unknown> = {
  ...errors,
  AggregateError,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

/** Rebuilds an error, with its original class if that is one of this package or of the language. */
export function unpackError(packed: PackedError): unknown {
  if ('value' in packed) return packed.value;
  const error = new Error(packed.message);
  const known = Object.hasOwn(CLASSES, packed.name) ? CLASSES[packed.name] : undefined;
  if (typeof known === 'function') Object.setPrototypeOf(error, known.prototype as object);
  const hidden = (key: string, value: unknown): void => {
    Object.defineProperty(error, key, { value, writable: true, configurable: true });
  };
  if (error.name !== packed.name) hidden('name', packed.name);
  // The original stack is more useful than that of this function.
  if (packed.stack !== undefined) hidden('stack', packed.stack);
  if (packed.cause !== undefined) hidden('cause', unpackError(packed.cause));
  Object.assign(error, packed.fields);
  if (packed.errors !== undefined) hidden('errors', packed.errors.map(unpackError));
  return error;
}
