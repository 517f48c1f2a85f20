/** Content negotiation: what a client prefers, by the package `negotiator`. */
import type { ReadonlyHeaders } from './headers.ts';
import { loadPackage } from './packages.ts';

type Negotiate = new (message: { headers: Record<string, string> }) => {
  mediaTypes(available?: readonly string[]): string[];
  encodings(available?: readonly string[], options?: { preferred: readonly string[] }): string[];
  languages(available?: readonly string[]): string[];
};

let Negotiator: Negotiate | null = null;

function negotiator(headers: ReadonlyHeaders, field: string): InstanceType<Negotiate> {
  Negotiator ??= loadPackage<Negotiate>('negotiator');
  const value = headers.get(field);
  return new Negotiator({ headers: value === null ? {} : { [field]: value } });
}

/** Those of the media types that the client accepts, the preferred one first. */
export function acceptedTypes(headers: ReadonlyHeaders, types?: readonly string[]): string[] {
  return negotiator(headers, 'accept').mediaTypes(types);
}

/** The same for languages. */
export function acceptedLanguages(headers: ReadonlyHeaders, list?: readonly string[]): string[] {
  return negotiator(headers, 'accept-language').languages(list);
}

/**
 * The same for content codings, including `identity` unless the client refuses it. Of two with
 * equal preference, the one first in `list` comes first.
 */
export function acceptedEncodings(headers: ReadonlyHeaders, list?: readonly string[]): string[] {
  const found = negotiator(headers, 'accept-encoding');
  return list === undefined ? found.encodings() : found.encodings(list, { preferred: list });
}
