/** What a client would rather have, by the package `negotiator`. */
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

/** The ones of the types that the client takes, the dearest first. */
export function acceptedTypes(headers: ReadonlyHeaders, types?: readonly string[]): string[] {
  return negotiator(headers, 'accept').mediaTypes(types);
}

/** The same of languages. */
export function acceptedLanguages(headers: ReadonlyHeaders, list?: readonly string[]): string[] {
  return negotiator(headers, 'accept-language').languages(list);
}

/**
 * The same of content codings, `identity` among them unless the client refuses it. Of two that it
 * likes as much, the one that stands first here.
 */
export function acceptedEncodings(headers: ReadonlyHeaders, list?: readonly string[]): string[] {
  const found = negotiator(headers, 'accept-encoding');
  return list === undefined ? found.encodings() : found.encodings(list, { preferred: list });
}
