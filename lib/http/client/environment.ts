/** What the environment says of proxies and of who we are, for sessions with `trustEnv`. */
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
  /** By the address of the proxy. */
  readonly #vias: Map<string, Via> = new Map();
  #netrc: Netrc | null = null;

  constructor(variables: Variables = process.env) {
    this.#variables = { ...variables };
    this.#except = new ProxyExceptions(this.#read('no_proxy'));
  }

  /** The proxy for a server, or null. @throws TypeError, InvalidURL when it is not a valid one */
  viaOf(target: RequestTarget): Via | null {
    const name = target.secure ? 'https_proxy' : 'http_proxy';
    const given = this.#read(name) || this.#read('all_proxy');
    if (given === '' || this.#except.has(target)) return null;
    let via = this.#vias.get(given);
    if (via === undefined) {
      // `proxy.example:3128` is what many write.
      const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`;
      const url = parseUrl(text, null, name);
      const auth = url.username === '' ? this.#netrcOf().find(url.hostname) : null;
      via = viaProxy('trustEnv', auth === null ? url : { url, auth });
      this.#vias.set(given, via);
    }
    return via;
  }

  /** Says who we are where a `.netrc` file has the host and nobody else has said it. */
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

  /** In lower case first, as everybody does it. */
  #read(name: string): string {
    // A CGI program's HTTP_PROXY is a header of the request that it answers (httpoxy).
    const upper = name === 'http_proxy' && 'REQUEST_METHOD' in this.#variables;
    const text = this.#variables[name] ?? (upper ? '' : this.#variables[name.toUpperCase()]);
    return (text ?? '').trim();
  }
}

/** Entries of `NO_PROXY`; what is beyond is not looked at. */
const EXCEPTIONS_MAX = 1000;

/**
 * For whom there is no proxy: names with all that is below them, with or without a dot before,
 * addresses, networks (`10.0.0.0/8`), each perhaps with a port; `*` for all.
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

/** Whether an address is this one or in this network. */
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
