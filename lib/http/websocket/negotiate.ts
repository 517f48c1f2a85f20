/** What is agreed on in the handshake: the key, sub-protocols and permessage-deflate. */
import { TOKEN } from '../message/grammar.ts';
import type { DeflateTerms } from './deflate.ts';

const EXTENSION = 'permessage-deflate';
const OWN_CONTEXT = 'server_no_context_takeover';
const PEER_CONTEXT = 'client_no_context_takeover';
const SERVER_BITS = 'server_max_window_bits';
const CLIENT_BITS = 'client_max_window_bits';

/** What a server answers to a key (RFC 6455, 4.2.2). */
export function acceptOf(key: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const whole = `${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  return createHash('sha1').update(whole).digest('base64');
}

/** A key: 16 bytes in base64. */
export const KEY: RegExp = /^[+/0-9A-Za-z]{22}==$/;

/** Whether a comma-separated list has this word, in letters of any case. */
export function hasWord(list: string | null, word: string): boolean {
  return list !== null && list.split(',').some((one) => one.trim().toLowerCase() === word);
}

/** Sub-protocols that a client offers, in its order; null for a malformed list. */
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

/** The extensions of a header; null when it is malformed, or says something twice. */
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

/** Window bits that a parameter says; null when it says something else. */
function bitsOf(value: string | true): number | null {
  return typeof value === 'string' && /^(?:[89]|1[0-5])$/.test(value) ? Number(value) : null;
}

/** What a server agrees to: the header of its answer, and what it means. */
export interface Agreed {
  readonly header: string;
  readonly terms: DeflateTerms;
}

/**
 * The first offer of permessage-deflate that we can take.
 * @param takeover - whether contexts are kept, where the client keeps them, too
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
      // zlib has no window of 256 bytes.
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

/** What a client offers. */
export function offerOf(takeover: boolean): string {
  return takeover
    ? `${EXTENSION}; ${CLIENT_BITS}`
    : `${EXTENSION}; ${OWN_CONTEXT}; ${PEER_CONTEXT}; ${CLIENT_BITS}`;
}

/**
 * What a server has agreed to; null for no extension.
 * @throws Error when it is nothing that was offered
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
