import type { Headers } from '../message/headers.ts';

/** Adds a request field to Vary: the response depends on that field. */
export function vary(headers: Headers, field: string): void {
  const known = headers.get('vary');
  if (known === null) headers.set('vary', field);
  else if (known !== '*' && !named(known).includes(field))
    headers.set('vary', `${known}, ${field}`);
}

function named(list: string): string[] {
  return list.split(',').map((name) => name.trim().toLowerCase());
}
