import type { Resolver as NodeResolver } from 'node:dns';

import type { EventLoop } from '../core/loop/event-loop.ts';
import { CancelledError, isA, RuntimeError } from '../core/errors/errors.ts';
import { Future } from '../core/future/future.ts';
import { describe } from '../core/support/describe.ts';
import { type Duration, toSeconds } from '../core/support/duration.ts';
import { checkFlags, checkOptions } from '../core/support/options.ts';
import { showsText } from '../core/support/shows-text.ts';
import type { Coro } from '../core/support/types.ts';
import { lookupError, type NameResolver, type ResolvedAddress } from '../io/resolver.ts';
import { LOOKUP_ERROR_NO_NAME, LOOKUP_ERROR_TRY_AGAIN } from '../native/layout.ts';
import { HostsFile } from './hosts-file.ts';

/** Options of `new DnsCache`. */
export interface DnsCacheOptions {
  /** Name servers, `'10.0.0.1'` or `'10.0.0.1:5353'`; default: those of the system. */
  servers?: readonly string[];
  /** How long to wait for a name server; default 5 s. */
  timeout?: Duration;
  /** How many times each name server is tried; default 2. */
  tries?: number;
  /** The minimum time for which an answer is kept, whatever its TTL; default 1 s. */
  minTtl?: Duration;
  /** The maximum time for which an answer is kept, whatever its TTL; default 5 minutes. */
  maxTtl?: Duration;
  /** How long to remember that a name has no address; default 5 s; 0 for not at all. */
  negativeTtl?: Duration;
  /** How many answers are kept; the oldest is dropped. Default 1000. */
  maxEntries?: number;
  /** Whether to rotate the order of addresses; default true. */
  rotate?: boolean;
  /** The hosts file; default `'/etc/hosts'`, null for none. */
  hostsFile?: string | null;
}

const NAMES: readonly string[] = [
  'servers',
  'timeout',
  'tries',
  'minTtl',
  'maxTtl',
  'negativeTtl',
  'maxEntries',
  'rotate',
  'hostsFile',
];

/** Errors which say definitely that a name has no address. */
const NOTHING = new Set(['ENOTFOUND', 'ENODATA']);

type Addresses = readonly ResolvedAddress[];

interface Entry {
  /** Empty when the name has no address of this family. */
  readonly addresses: Addresses;
  /** When it expires, in seconds on the loop's clock. */
  readonly until: number;
  /** The index of the address to start with next time. */
  next: number;
}

/** The answer of a name server. */
interface Answer {
  addresses: ResolvedAddress[];
  ttl: number;
}

/**
 * Caches the addresses of names for the TTL that name servers give, for a loop that connects to the
 * same names again and again. It asks name servers itself, through Node's `dns.Resolver`, and reads
 * the hosts file; names without a dot are left to the system's resolver, which may have other
 * sources. Equal lookups at the same time share one query. In `runSync` the system resolves
 * everything, because Node's resolver needs Node's loop.
 *
 * @example
 * getRunningLoop().setResolver(new DnsCache({ maxTtl: '1m' }));
 */
export class DnsCache implements NameResolver {
  /** How many lookups were answered from the cache, and how many were not. */
  hits = 0;
  misses = 0;
  readonly #minTtl: number;
  readonly #maxTtl: number;
  readonly #negativeTtl: number;
  readonly #maxEntries: number;
  readonly #rotate: boolean;
  readonly #hosts: HostsFile | null;
  readonly #makeResolver: () => NodeResolver;
  #resolver: NodeResolver | null = null;
  #loop: EventLoop | null = null;
  /** By family and name. */
  readonly #entries: Map<string, Entry> = new Map();
  readonly #asking: Map<string, Future<Addresses>> = new Map();

  constructor(options: DnsCacheOptions = {}) {
    checkOptions('DnsCache', options, NAMES);
    checkFlags('DnsCache', options, ['rotate']);
    const { servers, hostsFile = '/etc/hosts' } = options;
    const timeout = seconds(options.timeout, 5, 'timeout');
    const tries = count(options.tries, 2, 'tries');
    this.#minTtl = seconds(options.minTtl, 1, 'minTtl');
    this.#maxTtl = seconds(options.maxTtl, 300, 'maxTtl');
    this.#negativeTtl = seconds(options.negativeTtl, 5, 'negativeTtl');
    this.#maxEntries = count(options.maxEntries, 1000, 'maxEntries');
    this.#rotate = options.rotate ?? true;
    if (hostsFile !== null && typeof hostsFile !== 'string') {
      throw new TypeError(`hostsFile must be a path or null, not ${describe(hostsFile)}`);
    }
    this.#hosts = hostsFile === null ? null : new HostsFile(hostsFile);
    this.#makeResolver = () => {
      const { Resolver } = process.getBuiltinModule('node:dns');
      const resolver = new Resolver({ timeout: Math.ceil(timeout * 1000), tries });
      if (servers !== undefined) resolver.setServers(servers);
      return resolver;
    };
    if (servers !== undefined) this.#checkServers(servers);
  }

  #checkServers(servers: unknown): void {
    if (!Array.isArray(servers) || servers.length === 0) {
      throw new TypeError(`servers must be a list of addresses, not ${describe(servers)}`);
    }
    try {
      this.#resolver = this.#makeResolver();
    } catch (error) {
      throw new TypeError(`servers: ${(error as Error).message}`, { cause: error });
    }
  }

  /** How many answers it holds, including expired ones; a name has one for each family. */
  get size(): number {
    return this.#entries.size;
  }

  /** Removes one name, or all. Queries under way are still added when they are answered. */
  clear(host?: string): void {
    if (host === undefined) {
      this.#entries.clear();
      return;
    }
    checkName('DnsCache.clear()', host);
    for (const family of [4, 6]) this.#entries.delete(`${family} ${normal(host)}`);
  }

  /**
   * Implements {@link NameResolver}: cached addresses at once, others later. Called by the loop.
   */
  resolve(host: string, family: 0 | 4 | 6, loop: EventLoop): Addresses | Coro<Addresses> | null {
    checkName('DnsCache.resolve()', host);
    if (loop === undefined || loop === null) {
      throw new TypeError(`DnsCache.resolve(): ${describe(loop)} is not an event loop`);
    }
    // Node's resolver answers through Node's loop.
    if (!loop._rides) return null;
    const name = normal(host);
    if (!name.includes('.') && name !== 'localhost') return null;
    this.#bind(loop);
    const known = this.#known(name, family, loop.time());
    if (known === null) return this.#ask(loop, host, name, family);
    this.hits++;
    if (known.length === 0) throw lookupError(LOOKUP_ERROR_NO_NAME, 'getaddrinfo', host);
    return known;
  }

  /** Ties the cache to a loop: expiry times are on its clock. */
  #bind(loop: EventLoop): void {
    if (this.#loop === loop) return;
    if (this.#loop !== null && !this.#loop.isClosed()) {
      throw new RuntimeError('a DnsCache serves one loop; another needs one of its own');
    }
    this.#loop = loop;
    this.#entries.clear();
    this.#asking.clear();
  }

  /** Cached addresses; null when a query is needed. */
  #known(name: string, family: 0 | 4 | 6, now: number): Addresses | null {
    if (family !== 0) return this.#entry(`${family} ${name}`, now);
    const six = this.#entry(`6 ${name}`, now);
    const four = six === null ? null : this.#entry(`4 ${name}`, now);
    if (six === null || four === null) return null;
    return six.length === 0 ? four : four.length === 0 ? six : [...six, ...four];
  }

  #entry(key: string, now: number): Addresses | null {
    const entry = this.#entries.get(key);
    if (entry === undefined || now >= entry.until) return null;
    const { addresses } = entry;
    if (!this.#rotate || addresses.length < 2) return addresses;
    entry.next = (entry.next + 1) % addresses.length;
    return [...addresses.slice(entry.next), ...addresses.slice(0, entry.next)];
  }

  *#ask(loop: EventLoop, host: string, name: string, family: 0 | 4 | 6): Coro<Addresses> {
    this.misses++;
    const families: Array<4 | 6> = family === 0 ? [6, 4] : [family];
    const answers = families.map((each) => this.#answerOf(loop, name, each));
    const found: ResolvedAddress[] = [];
    let failure: unknown = null;
    for (const answer of answers) {
      try {
        found.push(...(yield* followed(loop, answer)));
      } catch (error) {
        if (isA(error, CancelledError)) throw error;
        failure ??= error;
      }
    }
    if (found.length > 0) return found;
    throw failure === null
      ? lookupError(LOOKUP_ERROR_NO_NAME, 'getaddrinfo', host)
      : Object.assign(lookupError(LOOKUP_ERROR_TRY_AGAIN, 'getaddrinfo', host), { cause: failure });
  }

  /** The query for a name and family, shared by all lookups at the same time. */
  #answerOf(loop: EventLoop, name: string, family: 4 | 6): Future<Addresses> {
    const key = `${family} ${name}`;
    const asked = this.#asking.get(key);
    if (asked !== undefined) return asked;
    const answer = new Future<Addresses>({ loop });
    const known = this.#entries.get(key);
    if (known !== undefined && loop.time() < known.until) {
      answer.setResult(known.addresses);
      return answer;
    }
    this.#asking.set(key, answer);
    loop._holdTime(1);
    // An error goes to the lookups that wait; if none is left, nobody needs it.
    answer._addWaiter({ _wake: () => void answer._takeError(), _looksOn: true });
    void this.#query(loop, name, family).then(
      ({ addresses, ttl }) => {
        if (loop.isClosed()) return;
        this.#asked(loop, key);
        this.#keep(key, addresses, loop.time() + ttl);
        answer.setResult(addresses);
      },
      (error: unknown) => {
        if (loop.isClosed()) return;
        this.#asked(loop, key);
        answer.setException(error);
      },
    );
    return answer;
  }

  #asked(loop: EventLoop, key: string): void {
    this.#asking.delete(key);
    loop._holdTime(-1);
  }

  #keep(key: string, addresses: Addresses, until: number): void {
    this.#entries.delete(key);
    if (this.#entries.size >= this.#maxEntries) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest);
        break;
      }
    }
    this.#entries.set(key, { addresses, until, next: -1 });
  }

  /** Asks the hosts file, then a name server. */
  async #query(loop: EventLoop, name: string, family: 4 | 6): Promise<Answer> {
    const own =
      this.#hosts?.addresses(name, loop.time()) ?? (name === 'localhost' ? LOOPBACK : null);
    if (own !== null) {
      const addresses = own.filter((address) => address.family === family);
      return { addresses, ttl: this.#minTtl };
    }
    this.#resolver ??= this.#makeResolver();
    return await new Promise((resolve, reject) => {
      const done = (
        error: NodeJS.ErrnoException | null,
        records: Array<{ address: string; ttl: number }>,
      ): void => {
        if (error === null) resolve(this.#answer(records, family));
        else if (NOTHING.has(error.code!)) resolve({ addresses: [], ttl: this.#negativeTtl });
        else reject(error);
      };
      if (family === 4) this.#resolver!.resolve4(name, { ttl: true }, done);
      else this.#resolver!.resolve6(name, { ttl: true }, done);
    });
  }

  #answer(records: Array<{ address: string; ttl: number }>, family: 4 | 6): Answer {
    const shortest = Math.min(...records.map(({ ttl }) => ttl));
    return {
      addresses: records.map(({ address }) => ({ address, family })),
      ttl: Math.min(Math.max(shortest, this.#minTtl), this.#maxTtl),
    };
  }

  toString(): string {
    return `<DnsCache ${this.size} answers, ${this.hits} hits, ${this.misses} misses>`;
  }
}

showsText(DnsCache);

const LOOPBACK: Addresses = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** Waits for a shared future; a cancel does not affect its other waiters. */
function followed<T>(loop: EventLoop, shared: Future<T>): Future<T> {
  const own = new Future<T>({ loop });
  const follow = (): void => {
    if (own.done()) return;
    const error = shared.exception();
    if (error === null) own.setResult(shared.result());
    else own.setException(error);
  };
  if (shared.done()) follow();
  else shared._addWaiter({ _wake: follow });
  return own;
}

/** As names are compared: without a dot at the end, in lower case. */
function checkName(where: string, host: unknown): void {
  if (typeof host === 'string') return;
  throw new TypeError(`${where}: host must be a string, not ${describe(host)}`);
}

function normal(host: string): string {
  const name = host.toLowerCase();
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

function seconds(value: Duration | undefined, otherwise: number, name: string): number {
  if (value === undefined) return otherwise;
  const given = toSeconds(value, name);
  if (given < 0) throw new RangeError(`${name} must not be negative, not ${describe(value)}`);
  return given;
}

function count(value: unknown, otherwise: number, name: string): number {
  if (value === undefined) return otherwise;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw new RangeError(`${name} must be a positive integer, not ${describe(value)}`);
}
