// How a scenario's log writes values and errors: the same words for Python and JavaScript.
import { CancelledError, RuntimeError } from 'oxbow';

/** The error of the scenarios. */
export class Boom extends Error {
  override name = 'Boom';
}

export function makeError([kind, message]: string[]): Error {
  if (kind === 'boom') return new Boom(message);
  return kind === 'cancelled' ? new CancelledError(message) : new RuntimeError(message);
}

/** What asyncio calls ValueError or TypeError is a RangeError or a TypeError here. */
const NAMES: Record<string, string> = {
  CancelledError: 'Cancelled',
  RangeError: 'ValueError',
  TypeError: 'ValueError',
  ReferenceError: 'LookupError',
  ExceptionGroup: 'Group',
};

export function showError(thrown: unknown): string {
  const error = thrown as Error & { reason?: unknown };
  const name = NAMES[error.name] ?? error.name;
  if (error instanceof AggregateError) return `${name}(${error.errors.map(showError).join(', ')})`;
  if (error instanceof Boom) return error.message === '' ? name : `${name}(${error.message})`;
  return error.reason === undefined ? name : `${name}(${String(error.reason)})`;
}

export function show(value: unknown): string {
  if (value === undefined || value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  return value instanceof Error ? showError(value) : String(value);
}

/** The whole message, without what is told of single objects. */
export function showMessage(error: Error): string {
  return error.message.replace(/<.*>/, '<>');
}

/** What goes into a queue: numbers have an order. */
export function itemOf(word: string): number | string {
  return /^-?\d+$/.test(word) ? Number(word) : word;
}

export const seconds = (word: string): number | null => (word === 'none' ? null : Number(word));
