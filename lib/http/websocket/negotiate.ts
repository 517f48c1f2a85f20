/** Negotiation in the handshake: the key, sub-protocols and permessage-deflate. */
import { TOKEN } from '../message/grammar.ts';
import type { DeflateTerms } from './deflate.ts';

const EXTENSION = 'permessage-deflate';
const OWN_CONTEXT = 'server_no_context_takeover';
const PEER_CONTEXT = 'client_no_context_takeover';
const SERVER_BITS = 'server_max_window_bits';
const CLIENT_BITS = 'client_max_window_bits';

/** The `Sec-WebSocket-Accept` for a key (RFC 6455, 4.2.2). */
export function acceptOf(key: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const whole = `${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  return createHash('sha1').update(whole).digest('base64');
}

/** A valid key: 16 bytes in base64. */
export const KEY: RegExp = /^[+/0-9A-Za-z]{22}==$/;

/** Whether a comma-separated list has this word; `word` is in lower case, the list in any case. */
export function hasWord(list: string | null, word: string): boolean {
  return list !== null && list.split(',').some((one) => one.trim().toLowerCase() === word);
}

/** The sub-protocols offered by a client, in its order; null for a malformed list. */
export function protocolsOf(list: string | null): string[] | null {
  if (list === null) return [];
  const names = list.split(',').map((name) => name.trim());
  const proper = names.every((name) => TOKEN.test(name)) && new Set(names).size === names.length;
  return proper ? names : null;
}

interface Extension {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string | true>;
}

/** The extensions in a header; null when it is malformed or repeats a parameter. */
function extensionsOf(list: string): Extension[] | null {
  const all: Extension[] = [];
  for (const one of list.split(',')) {
    const [name, ...rest] = one.split(';').map((part) => part.trim());
    if (name === undefined || !TOKEN.test(name)) return null;
    const parameters = new Map<string, string | true>();
    for (const part of rest) {
      const match = /^([^\s="]+)(?:\s*=\s*(?:"([^"\\]*)"|([^\s="]+)))?$/.exec(part);
      if (match === null || !TOKEN.test(match[1]!) || parameters.has(match[1]!)) return null;
      parameters.set(match[1]!, match[2] ?? match[3] ?? true);
    }
    all.push({ name, parameters });
  }
  return all;
}

/** The window bits in a parameter; null when it has another value. */
function bitsOf(value: string | true): number | null {
  return typeof value === 'string' && /^(?:[89]|1[0-5])$/.test(value) ? Number(value) : null;
}

/** What the server accepts: the header of its response, and the parameters. */
export interface Agreed {
  readonly header: string;
  readonly terms: DeflateTerms;
}

/**
 * Accepts the first acceptable offer of permessage-deflate; null when there is none.
 * @param takeover - whether to use context takeover, unless the client declines it
 */
export function acceptOffer(list: string | null, takeover: boolean): Agreed | null {
  for (const { name, parameters } of list === null ? [] : (extensionsOf(list) ?? [])) {
    const agreed = name === EXTENSION ? agreeTo(parameters, takeover) : null;
    if (agreed !== null) return agreed;
  }
  return null;
}

function agreeTo(parameters: ReadonlyMap<string, string | true>, takeover: boolean): Agreed | null {
  let own = takeover;
  let peer = takeover;
  let windowBits = 15;
  for (const [name, value] of parameters) {
    if (name === OWN_CONTEXT && value === true) own = false;
    else if (name === PEER_CONTEXT && value === true) peer = false;
    else if (name === CLIENT_BITS && (value === true || bitsOf(value) !== null)) continue;
    else if (name === SERVER_BITS) {
      windowBits = bitsOf(value) ?? 0;
      // zlib does not support a window of 256 bytes.
      if (windowBits < 9) return null;
    } else return null;
  }
  const header = [
    EXTENSION,
    ...(own ? [] : [OWN_CONTEXT]),
    ...(peer ? [] : [PEER_CONTEXT]),
    ...(parameters.has(SERVER_BITS) ? [`${SERVER_BITS}=${windowBits}`] : []),
  ].join('; ');
  return { header, terms: { ownTakeover: own, peerTakeover: peer, windowBits } };
}

/** The header with a client's offer. @param takeover - whether to allow context takeover */
export function offerOf(takeover: boolean): string {
  return takeover
    ? `${EXTENSION}; ${CLIENT_BITS}`
    : `${EXTENSION}; ${OWN_CONTEXT}; ${PEER_CONTEXT}; ${CLIENT_BITS}`;
}

/**
 * The parameters that the server accepted; null for no extension.
 * @param takeover - as offered; null when compression was not offered
 * @throws Error when the response does not match the offer
 */
export function agreedTo(list: string | null, takeover: boolean | null): DeflateTerms | null {
  if (list === null) return null;
  const [extension, ...more] = extensionsOf(list) ?? [];
  if (extension?.name !== EXTENSION || more.length !== 0 || takeover === null) {
    throw new Error(`the server wants an extension that was not offered: ${list}`);
  }
  let own = takeover;
  let peer = true;
  let windowBits = 15;
  for (const [name, value] of extension.parameters) {
    if (name === PEER_CONTEXT && value === true) own = false;
    else if (name === OWN_CONTEXT && value === true) peer = false;
    else if (name === SERVER_BITS && bitsOf(value) !== null) continue;
    else if (name === CLIENT_BITS && (bitsOf(value) ?? 0) >= 9) windowBits = bitsOf(value)!;
    else throw new Error(`the server wants a permessage-deflate that cannot be: ${list}`);
  }
  return { ownTakeover: own, peerTakeover: peer, windowBits };
}
