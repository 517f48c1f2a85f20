/**
 * What proxies report about their clients: RFC 7239's Forwarded, or the X-Forwarded-* fields that
 * most of them send. Anyone can send these, so they are read from the end, where the nearest proxy
 * adds its entry, and only as far as the proxies are trusted.
 */
import type { BlockList } from 'node:net';

import { describe } from '../../core/support/describe.ts';
import { checkFlags, checkOptions } from '../../core/support/options.ts';
import type { ReadonlyHeaders } from '../message/headers.ts';

/** Which proxies are trusted, and which fields they send. */
export interface TrustedProxiesInit {
  /** Addresses, networks (`10.0.0.0/8`), 'loopback', 'private' or 'unix'. */
  addresses: readonly string[];
  /**
   * 'x-forwarded' (the default) for X-Forwarded-For, -Proto and -Host, or 'forwarded' for RFC
   * 7239's Forwarded. Only one of them, since a proxy that sets one passes the other on as the
   * client sent it.
   */
  fields?: 'x-forwarded' | 'forwarded';
  /**
   * Whether these proxies begin each connection with a header of the PROXY protocol, version 1 or
   * 2, before TLS. If so, each of their connections must have one, and no other connection may.
   * False by default.
   */
  proxyProtocol?: boolean;
}

/** The client and what it asked for; null where nothing was reported. */
export interface Forwarded {
  readonly ip: string;
  readonly proto: string | null;
  readonly host: string | null;
}

const GROUPS: Record<string, readonly string[]> = {
  loopback: ['127.0.0.0/8', '::1'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

export class TrustedProxies {
  readonly fields: 'x-forwarded' | 'forwarded';
  /** Whether they send a header of the PROXY protocol first. */
  readonly proxyProtocol: boolean;
  readonly #addresses: BlockList;
  readonly #unix: boolean;

  /**
   * Checks the option; null when it is undefined. @throws TypeError that names the invalid value
   */
  static from(where: string, init: unknown): TrustedProxies | null {
    if (init === undefined) return null;
    const given = Array.isArray(init) ? { addresses: init } : init;
    checkOptions(`${where}: trustedProxies`, given, ['addresses', 'fields', 'proxyProtocol']);
    checkFlags(`${where}: trustedProxies`, given as TrustedProxiesInit, ['proxyProtocol']);
    const { addresses, fields = 'x-forwarded', proxyProtocol } = given as TrustedProxiesInit;
    if (!Array.isArray(addresses) || addresses.some((one) => typeof one !== 'string')) {
      throw new TypeError(
        `${where}: trustedProxies must be a list of addresses, not ${describe(addresses)}`,
      );
    }
    if (fields !== 'x-forwarded' && fields !== 'forwarded') {
      throw new TypeError(
        `${where}: trustedProxies.fields must be 'x-forwarded' or 'forwarded', not ${describe(fields)}`,
      );
    }
    return new TrustedProxies(where, addresses, fields, proxyProtocol === true);
  }

  private constructor(
    where: string,
    addresses: readonly string[],
    fields: 'x-forwarded' | 'forwarded',
    proxyProtocol: boolean,
  ) {
    this.fields = fields;
    this.proxyProtocol = proxyProtocol;
    this.#unix = addresses.includes('unix');
    this.#addresses = new (process.getBuiltinModule('node:net').BlockList)();
    for (const one of addresses.flatMap((name) => GROUPS[name] ?? [name])) {
      if (one !== 'unix') this.#add(where, one);
    }
  }

  trusts(address: string): boolean {
    const plain = plainAddress(address);
    if (plain === null) return this.#unix && address === '';
    return this.#addresses.check(plain, plain.includes(':') ? 'ipv6' : 'ipv4');
  }

  #add(where: string, text: string): void {
    const [address, bits, more] = text.split('/') as [string, string?, string?];
    const plain = plainAddress(address);
    const family = plain?.includes(':') === true ? 'ipv6' : 'ipv4';
    const most = family === 'ipv6' ? 128 : 32;
    const known = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
    if (plain === null || !known || more !== undefined) {
      throw new TypeError(
        `${where}: trustedProxies: '${text}' is no address, no network as 10.0.0.0/8, ` +
          "and not 'loopback', 'private' or 'unix'",
      );
    }
    if (bits === undefined) this.#addresses.addAddress(plain, family);
    else this.#addresses.addSubnet(plain, Number(bits), family);
  }
}

/**
 * An address without brackets, port and zone; an IPv4-mapped IPv6 address as IPv4. Null for
 * anything else.
 */
function plainAddress(text: string): string | null {
  const { isIP } = process.getBuiltinModule('node:net');
  const bare =
    /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const inner = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? bare;
  return isIP(inner) === 0 ? null : inner.replace(/%.*$/, '');
}

/**
 * Reads the fields as far as they can be trusted.
 * @param peer - the address of the other end of the connection, '' for a Unix socket
 */
export function forwarded(
  trusted: TrustedProxies,
  peer: string,
  headers: ReadonlyHeaders,
): Forwarded {
  if (!trusted.trusts(peer)) return { ip: peer, proto: null, host: null };
  const hops = trusted.fields === 'forwarded' ? hopsOf(headers) : xHopsOf(headers);
  let ip = peer;
  let last = null as Hop | null;
  // From the nearest entry on, as long as it was added by a trusted proxy.
  for (let at = hops.length - 1; at >= 0 && trusted.trusts(ip); at--) {
    const hop = hops[at]!;
    last = {
      for: hop.for,
      proto: hop.proto ?? last?.proto ?? null,
      host: hop.host ?? last?.host ?? null,
    };
    const address = hop.for === null ? null : plainAddress(hop.for);
    // 'unknown' or an obfuscated name: all that is known is the address of the sender.
    if (address === null) break;
    ip = address;
  }
  return { ip, proto: protoOf(last?.proto), host: hostOf(last?.host) };
}

interface Hop {
  readonly for: string | null;
  readonly proto: string | null;
  readonly host: string | null;
}

/** The comma-separated values of all lines of a field. */
function listOf(text: string | null): string[] {
  return text === null ? [] : text.split(',').map((one) => one.trim());
}

function xHopsOf(headers: ReadonlyHeaders): Hop[] {
  const addresses = listOf(headers.get('x-forwarded-for'));
  const protos = listOf(headers.get('x-forwarded-proto'));
  const hosts = listOf(headers.get('x-forwarded-host'));
  const count = Math.max(addresses.length, protos.length === 0 && hosts.length === 0 ? 0 : 1);
  const at = (list: string[], place: number): string | null =>
    list[list.length - count + place] ?? null;
  return Array.from({ length: count }, (_, place) => ({
    for: at(addresses, place),
    proto: at(protos, place),
    host: at(hosts, place),
  }));
}

const PAIR = /\s*([!#$%&'*+\-.^_`|~\w]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))\s*([;,]|$)/y;

/**
 * The entries of Forwarded. A malformed entry hides the ones before it; those after it, added
 * nearer to us, count.
 */
function hopsOf(headers: ReadonlyHeaders): Hop[] {
  const text = headers.get('forwarded') ?? '';
  let hops: Hop[] = [];
  let hop: Record<string, string> = {};
  for (let at = 0; at < text.length;) {
    PAIR.lastIndex = at;
    const match = PAIR.exec(text);
    if (match === null) {
      // What was before a malformed entry cannot be trusted.
      const next = text.indexOf(',', at);
      hops = [NOBODY];
      hop = {};
      if (next === -1) return hops;
      at = next + 1;
      continue;
    }
    hop[match[1]!.toLowerCase()] ??= match[2]?.replace(/\\(.)/g, '$1') ?? match[3]!;
    at = PAIR.lastIndex;
    if (match[4] === ';') continue;
    hops.push({ for: hop['for'] ?? null, proto: hop['proto'] ?? null, host: hop['host'] ?? null });
    hop = {};
  }
  return hops;
}

const NOBODY: Hop = { for: null, proto: null, host: null };

function protoOf(text: string | null | undefined): string | null {
  const proto = text?.toLowerCase() ?? null;
  return proto === 'http' || proto === 'https' ? proto : null;
}

/** Only a plain host and port: anything else could change the meaning of a URL. */
function hostOf(text: string | null | undefined): string | null {
  return text != null && /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(text) ? text : null;
}
