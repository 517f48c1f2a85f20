/**
 * Names to addresses: getaddrinfo on a thread of the engine's own. Core must not know of names, so
 * a loop gets its resolver from here, with the first name that it looks up.
 */
import {
  COMPLETION_RESULT,
  LOOKUP_ERROR_FAILED,
  LOOKUP_ERROR_FAMILY,
  LOOKUP_ERROR_MEMORY,
  LOOKUP_ERROR_NO_ADDRESS,
  LOOKUP_ERROR_NO_NAME,
  LOOKUP_ERROR_SERVICE,
  LOOKUP_ERROR_TRY_AGAIN,
} from '../native/layout.ts';
import { EventLoop } from '../core/loop/event-loop.ts';
import type { Lookups } from '../core/loop/completions.ts';
import { Future } from '../core/future/future.ts';

/** A numeric address. */
export interface Address {
  address: string;
  port: number;
  /** 4 or 6. */
  family: 4 | 6;
}

declare module '../core/loop/event-loop.ts' {
  interface EventLoop {
    /** @internal Addresses of a host; a numeric one needs no lookup. */
    _resolve(
      host: string,
      port: number | string,
      family?: number,
      flags?: number,
    ): Future<Address[]>;
  }
}

/** What getaddrinfo may say: Node's code, its errno (the same on every platform), and a text. */
const LOOKUP_ERRORS: Record<number, [code: string, errno: number, text: string]> = {
  [LOOKUP_ERROR_NO_NAME]: ['ENOTFOUND', -3008, 'the name is not known'],
  [LOOKUP_ERROR_NO_ADDRESS]: ['ENOTFOUND', -3007, 'the name has no address'],
  [LOOKUP_ERROR_TRY_AGAIN]: ['EAI_AGAIN', -3001, 'the name server has no answer now'],
  [LOOKUP_ERROR_FAILED]: ['EAI_FAIL', -3004, 'the lookup failed'],
  [LOOKUP_ERROR_FAMILY]: ['EAI_FAMILY', -3005, 'the address family is not supported'],
  [LOOKUP_ERROR_SERVICE]: ['EAI_SERVICE', -3010, 'the service is not known'],
  [LOOKUP_ERROR_MEMORY]: ['EAI_MEMORY', -3006, 'out of memory'],
};

/** A lookup under way; cancelling it forgets the request. */
class Lookup extends Future<Address[]> {
  readonly host: string;
  readonly #cancelled: () => void;

  constructor(loop: EventLoop, host: string, cancelled: () => void) {
    super({ loop });
    this.host = host;
    this.#cancelled = cancelled;
  }

  override cancel(reason?: unknown): boolean {
    if (this.done()) return false;
    this.#cancelled();
    return super.cancel(reason);
  }
}

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^(?:${OCTET}\\.){3}${OCTET}$`);

/** 4 or 6 for a numeric address, else 0. Node's own answer costs loading node:net, 2 ms. */
export function numericFamily(host: string): number {
  if (IPV4.test(host)) return 4;
  if (!host.includes(':')) return 0;
  return host === '::' || host === '::1' ? 6 : process.getBuiltinModule('node:net').isIP(host);
}

class Resolver implements Lookups {
  readonly #loop: EventLoop;
  readonly #lookups = new Map<number, Lookup>();

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  /**
   * @param service - a port number, or the name of a service
   * @param family - 0 for both, 4, 6
   */
  resolve(
    host: string,
    service: number | string,
    family: number,
    flags: number,
  ): Future<Address[]> {
    const loop = this.#loop;
    const numeric = numericFamily(host);
    if (numeric !== 0 && typeof service === 'number' && !host.includes('%')) {
      return this.#known({ address: host, port: service, family: numeric as 4 | 6 }, family);
    }
    const request = loop._engine.resolve(host, String(service), family, flags);
    const lookup = new Lookup(loop, host, () => this.#forget(request));
    this.#lookups.set(request, lookup);
    loop._rings.reference(1);
    return lookup;
  }

  #known(address: Address, family: number): Future<Address[]> {
    const future = this.#loop.createFuture<Address[]>();
    if (family === 0 || family === address.family) future.setResult([address]);
    else future.setException(lookupError(LOOKUP_ERROR_NO_NAME, address.address));
    return future;
  }

  #forget(request: number): void {
    this.#lookups.delete(request);
    this.#loop._rings.reference(-1);
    this.#loop._engine.resolveCancel(request);
  }

  /** The engine has an answer. */
  complete(request: number, words: Int32Array, at: number): void {
    const lookup = this.#lookups.get(request);
    if (lookup === undefined) return;
    this.#lookups.delete(request);
    this.#loop._rings.reference(-1);
    const result = words[at + COMPLETION_RESULT]!;
    const found = this.#loop._engine.resolved(request);
    if (result < 0) lookup.setException(lookupError(-result, lookup.host));
    else lookup.setResult(found.map(toAddress));
  }
}

function toAddress([address, port, family]: [string, number, number]): Address {
  return { address, port, family: family === 6 ? 6 : 4 };
}

function lookupError(which: number, host: string): Error {
  const [code, errno, text] = LOOKUP_ERRORS[which]!;
  const error = new Error(`getaddrinfo ${code} ${host}: ${text}`);
  return Object.assign(error, { code, errno, syscall: 'getaddrinfo', hostname: host });
}

EventLoop.prototype._resolve = function _resolve(host, port, family = 0, flags = 0) {
  const resolver = this._lookups instanceof Resolver ? this._lookups : new Resolver(this);
  this._lookups = resolver;
  return resolver.resolve(host, port, family, flags);
};
