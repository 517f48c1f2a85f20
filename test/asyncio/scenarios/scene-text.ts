// How a scenario's log writes values and errors: the same words for Python and JavaScript.

/** The error of the scenarios. */
export class Boom extends Error {
  override name = 'Boom';
}

/** What asyncio calls ValueError or TypeError is a RangeError or a TypeError here. */
const NAMES: Record<string, string> = {
  CancelledError: 'Cancelled', RangeError: 'ValueError', TypeError: 'ValueError',
};

export function showError(thrown: unknown): string {
  const error = thrown as Error & { reason?: unknown };
  const name = NAMES[error.name] ?? error.name;
  if (error instanceof Boom) return error.message === '' ? name : `${name}(${error.message})`;
  return error.reason === undefined ? name : `${name}(${String(error.reason)})`;
}

export function show(value: unknown): string {
  if (value === undefined || value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  return value instanceof Error ? showError(value) : String(value);
}
