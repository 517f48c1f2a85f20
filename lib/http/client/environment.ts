/** Proxies and credentials from the environment, for sessions with `trustEnv`. */
import { numericFamily } from '../../io/resolver.ts';
import { encodeBasicAuth } from './basic-auth.ts';
import { Netrc } from './netrc.ts';
import { parseUrl } from './request.ts';
import type { OutgoingRequest } from './request.ts';
import type { RequestTarget } from './request-target.ts';
import type { Via } from './via.ts';
import { viaProxy } from './via.ts';

type Variables = Readonly<Record<string, string | undefined>>;

export class Environment {
  readonly #variables: Variables;
  readonly #except: ProxyExceptions;
  /** By the value of the variable. */
  readonly #vias: Map<string, Via> = new Map();
  #netrc: Netrc | null = null;

  constructor(variables: Variables = process.env) {
    this.#variables = { ...variables };
    this.#except = new ProxyExceptions(this.#read('no_proxy'));
  }

  /** The proxy for a server, or null. @throws TypeError, InvalidURL for an invalid variable */
  viaOf(target: RequestTarget): Via | null {
    const name = target.secure ? 'https_proxy' : 'http_proxy';
    const given = this.#read(name) || this.#read('all_proxy');
    if (given === '' || this.#except.has(target)) return null;
    let via = this.#vias.get(given);
    if (via === undefined) {
      // `proxy.example:3128`, without a scheme, is common.
      const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`;
      const url = parseUrl(text, null, name);
      const auth = url.username === '' ? this.#netrcOf().find(url.hostname) : null;
      via = viaProxy('trustEnv', auth === null ? url : { url, auth });
      this.#vias.set(given, via);
    }
    return via;
  }

  /** Adds credentials from `.netrc`, unless the request has an `Authorization` header. */
  authorize({ headers, target }: OutgoingRequest): void {
    if (headers.has('authorization')) return;
    const found = this.#netrcOf().find(target.hostname);
    if (found !== null) {
      headers.set('authorization', encodeBasicAuth(found.username, found.password));
    }
  }

  #netrcOf(): Netrc {
    return (this.#netrc ??= Netrc.read(this.#variables));
  }

  /** Reads a variable; the lower-case name takes precedence, as in other programs. */
  #read(name: string): string {
    // In a CGI program HTTP_PROXY comes from a header of the request being answered (httpoxy).
    const upper = name === 'http_proxy' && 'REQUEST_METHOD' in this.#variables;
    const text = this.#variables[name] ?? (upper ? '' : this.#variables[name.toUpperCase()]);
    return (text ?? '').trim();
  }
}

/** How many entries of `NO_PROXY` are read. */
const EXCEPTIONS_MAX = 1000;

/**
 * Hosts that need no proxy: names, which include their subdomains, with or without a leading dot;
 * addresses; networks (`10.0.0.0/8`); each optionally with a port; or `*` for all.
 */
class ProxyExceptions {
  readonly #entries: readonly string[];

  constructor(text: string) {
    this.#entries = text
      .toLowerCase()
      .split(/[\s,]+/, EXCEPTIONS_MAX)
      .filter((entry) => entry !== '');
  }

  has({ hostname, port }: RequestTarget): boolean {
    const host = hostname.toLowerCase().replace(/\.$/, '');
    return this.#entries.some((entry) => matches(entry, host, port));
  }
}

function matches(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true;
  const split = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(entry);
  if (split !== null && Number(split[3]) !== port) return false;
  const name = (split === null ? entry.replace(/^\[|\]$/g, '') : (split[1] ?? split[2]!))
    .replace(/^\*?\./, '')
    .replace(/\.$/, '');
  if (numericFamily(host) !== 0) return isWithin(name, host);
  return name !== '' && (host === name || host.endsWith(`.${name}`));
}

/** Whether an address equals `network` or lies in it. */
function isWithin(network: string, address: string): boolean {
  const { BlockList, isIP } = process.getBuiltinModule('node:net');
  const [base, bits, ...rest] = network.split('/');
  const family = isIP(base!);
  if (family === 0 || rest.length > 0) return false;
  const kind = family === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  const most = family === 6 ? 128 : 32;
  const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Infinity;
  if (prefix > most) return false;
  list.addSubnet(base!, prefix, kind);
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
