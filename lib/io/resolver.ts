/**
 * Names to addresses and back: getaddrinfo and getnameinfo on the engine's own threads, or a
 * replacement (`loop.setResolver`). Core must not depend on name resolution, so a loop gets its
 * resolver from here, with its first lookup.
 *
 * Equal lookups under way at the same time share the answer: a thousand connections to one slow
 * name are one lookup.
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
  SERVICE_DATAGRAM,
  SERVICE_STREAM,
} from '../native/layout.ts';
import { EventLoop } from '../core/loop/event-loop.ts';
import type { Lookups } from '../core/loop/completions.ts';
import { failedFuture } from '../core/future/done-future.ts';
import { Future } from '../core/future/future.ts';
import { futureFor } from '../core/loop/ensure-future.ts';
import type { AwaitableLike } from '../core/support/types.ts';

/** A numeric address. */
export interface Address {
  address: string;
  port: number;
  /** 4 or 6. */
  family: 4 | 6;
}

/** An address of a name. */
export type ResolvedAddress = Pick<Address, 'address' | 'family'>;

/** Resolves names in place of the system's resolver (`loop.setResolver`). */
export interface NameResolver {
  /**
   * The addresses of a name, directly or as an awaitable; null to fall back to the system's
   * resolver.
   * @param host - a name, never a numeric address
   * @param family - 4 or 6 for only those, 0 for both
   * @throws should throw an error with `code` ENOTFOUND when there are none
   */
  resolve(
    host: string,
    family: 0 | 4 | 6,
    loop: EventLoop,
  ): readonly ResolvedAddress[] | AwaitableLike<readonly ResolvedAddress[]> | null;
}

/** The kind of socket that a service name is looked up for. */
export type ServiceType = 'stream' | 'datagram';

declare module '../core/loop/event-loop.ts' {
  interface EventLoop {
    /** @internal Addresses of a host; a numeric one needs no lookup. */
    _resolve(
      host: string,
      port: number | string,
      family?: number,
      flags?: number,
      type?: ServiceType,
      resolver?: NameResolver | null,
    ): Future<Address[]>;
    /** @internal Host and service of a numeric address. @param flags - `NAME_…` of the layout */
    _resolveBack(host: string, port: number, flags: number): Future<[string, string]>;
    /** @internal Replaces the system's resolver. */
    _nameResolver?: NameResolver | null;
  }
}

/** The errors of getaddrinfo: Node's code, its errno (the same on every platform), and a text. */
const LOOKUP_ERRORS: Record<number, [code: string, errno: number, text: string]> = {
  [LOOKUP_ERROR_NO_NAME]: ['ENOTFOUND', -3008, 'the name is not known'],
  [LOOKUP_ERROR_NO_ADDRESS]: ['ENOTFOUND', -3007, 'the name has no address'],
  [LOOKUP_ERROR_TRY_AGAIN]: ['EAI_AGAIN', -3001, 'the name server has no answer now'],
  [LOOKUP_ERROR_FAILED]: ['EAI_FAIL', -3004, 'the lookup failed'],
  [LOOKUP_ERROR_FAMILY]: ['EAI_FAMILY', -3005, 'the address family is not supported'],
  [LOOKUP_ERROR_SERVICE]: ['EAI_SERVICE', -3010, 'the service is not known'],
  [LOOKUP_ERROR_MEMORY]: ['EAI_MEMORY', -3006, 'out of memory'],
};

/** A request to the engine, and the futures that wait for it: each gets its own copy. */
abstract class Question {
  readonly lookups: Set<Lookup<any>> = new Set();
  readonly host: string;
  readonly syscall: string;
  readonly key: string;
  /** When it started, for debug mode, which reports slow ones. */
  readonly since: number;
  request = 0;

  constructor(loop: EventLoop, host: string, syscall: string, key: string) {
    this.host = host;
    this.syscall = syscall;
    this.key = key;
    this.since = loop.time();
  }

  abstract answer(found: Array<[string, number, number]>): unknown;
}

class AddressQuestion extends Question {
  answer(found: Array<[string, number, number]>): Address[] {
    return found.map(toAddress);
  }
}

class NameQuestion extends Question {
  answer(found: Array<[string, number, number]>): [string, string] {
    return [found[0]![0], found[1]![0]];
  }
}

/** A lookup under way; the engine's request is dropped when its last lookup is cancelled. */
class Lookup<T> extends Future<T> {
  readonly #question: Question;
  readonly #resolver: Resolver;

  constructor(loop: EventLoop, question: Question, resolver: Resolver) {
    super({ loop });
    this.#question = question;
    this.#resolver = resolver;
    question.lookups.add(this);
  }

  override cancel(reason?: unknown): boolean {
    const cancelled = super.cancel(reason);
    if (cancelled) this.#leave();
    return cancelled;
  }

  override _fail(error: unknown): void {
    super._fail(error);
    this.#leave();
  }

  #leave(): void {
    if (this.#question.lookups.delete(this)) this.#resolver.left(this.#question);
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

/** The port number of a service, or -1 if the service is a name. */
function portOf(service: number | string): number {
  if (typeof service === 'number') return service;
  return /^\d{1,5}$/.test(service) && Number(service) <= 65535 ? Number(service) : -1;
}

class Resolver implements Lookups {
  readonly #loop: EventLoop;
  readonly #byRequest = new Map<number, Question>();
  readonly #byKey = new Map<string, Question>();

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  /**
   * @param service - a port number, or the name of a service
   * @param family - 0 for both, 4, 6
   * @param other - a resolver to ask before the system
   */
  resolve(
    host: string,
    service: number | string,
    family: number,
    flags: number,
    type: ServiceType,
    other: NameResolver | null,
  ): Future<Address[]> {
    const loop = this.#loop;
    const port = portOf(service);
    const numeric = numericFamily(host);
    if (numeric !== 0 && port >= 0 && !host.includes('%')) {
      return this.#known({ address: host, port, family: numeric as 4 | 6 }, family);
    }
    if (other !== null && numeric === 0 && port >= 0) {
      const found = this.#askOther(other, host, family as 0 | 4 | 6, port);
      if (found !== null) return found;
    }
    const text = String(service);
    const key = `${family} ${flags} ${type} ${text} ${host}`;
    return this.#ask(
      key,
      () => new AddressQuestion(loop, host, 'getaddrinfo', key),
      () => {
        const kind = type === 'datagram' ? SERVICE_DATAGRAM : SERVICE_STREAM;
        return loop._engine.resolve(host, text, family, flags, kind);
      },
    );
  }

  /** Host and service of an address. */
  resolveBack(host: string, port: number, flags: number): Future<[string, string]> {
    const loop = this.#loop;
    const key = `back ${flags} ${port} ${host}`;
    return this.#ask(
      key,
      () => new NameQuestion(loop, host, 'getnameinfo', key),
      () => loop._engine.resolveBack(host, port, flags),
    );
  }

  #ask<T>(key: string, question: () => Question, start: () => number): Future<T> {
    let asked = this.#byKey.get(key);
    if (asked === undefined) {
      asked = question();
      asked.request = start();
      if (asked.request === 0) throw new RangeError(`${asked.host} is no numeric address`);
      this.#byKey.set(key, asked);
      this.#byRequest.set(asked.request, asked);
      this.#loop._rings.reference(1);
    }
    return new Lookup<T>(this.#loop, asked, this);
  }

  #known(address: Address, family: number): Future<Address[]> {
    const future = this.#loop.createFuture<Address[]>();
    if (family === 0 || family === address.family) future.setResult([address]);
    else {
      const error = lookupError(LOOKUP_ERROR_NO_NAME, 'getaddrinfo', address.address);
      future.setException(error);
    }
    return future;
  }

  /** Asks the other resolver. @returns null when the system has to be asked */
  #askOther(
    other: NameResolver,
    host: string,
    family: 0 | 4 | 6,
    port: number,
  ): Future<Address[]> | null {
    try {
      const found = other.resolve(host, family, this.#loop);
      return found === null ? null : this.#given(found, port);
    } catch (error) {
      return failedFuture({ loop: this.#loop }, error);
    }
  }

  /** The addresses that another resolver knows, with the port. */
  #given(
    found: readonly ResolvedAddress[] | AwaitableLike<readonly ResolvedAddress[]>,
    port: number,
  ): Future<Address[]> {
    const withPort = (addresses: readonly ResolvedAddress[]): Address[] =>
      addresses.map(({ address, family }) => ({ address, port, family }));
    if (Array.isArray(found)) {
      const future = this.#loop.createFuture<Address[]>();
      future.setResult(withPort(found as readonly ResolvedAddress[]));
      return future;
    }
    const following = futureFor(found as AwaitableLike<readonly ResolvedAddress[]>, this.#loop);
    return this.#loop.createTask(function* () {
      return withPort(yield* following);
    });
  }

  /** A lookup was cancelled. */
  left(question: Question): void {
    if (question.lookups.size > 0 || this.#byRequest.get(question.request) !== question) return;
    this.#forget(question);
    this.#loop._engine.resolveCancel(question.request);
  }

  #forget(question: Question): void {
    this.#byRequest.delete(question.request);
    this.#byKey.delete(question.key);
    this.#loop._rings.reference(-1);
  }

  /** The engine has an answer. */
  complete(request: number, words: Int32Array, at: number): void {
    const question = this.#byRequest.get(request);
    if (question === undefined) return;
    this.#forget(question);
    const result = words[at + COMPLETION_RESULT]!;
    const found = this.#loop._engine.resolved(request);
    if (this.#loop._debug) this.#warnIfSlow(question);
    const { lookups, syscall, host } = question;
    for (const lookup of [...lookups]) {
      if (result < 0) lookup.setException(lookupError(-result, syscall, host));
      else lookup.setResult(question.answer(found));
    }
  }

  #warnIfSlow({ host, syscall, since }: Question): void {
    const seconds = this.#loop.time() - since;
    if (seconds < this.#loop.slowCallbackDuration) return;
    this.#loop._warn(`${syscall} ${host} took ${seconds.toFixed(3)} seconds`);
  }
}

function toAddress([address, port, family]: [string, number, number]): Address {
  return { address, port, family: family === 6 ? 6 : 4 };
}

/** The error for a name without addresses. @param which - `LOOKUP_ERROR_…` of the layout */
export function lookupError(which: number, syscall: string, host: string): Error {
  const [code, errno, text] = LOOKUP_ERRORS[which]!;
  const error = new Error(`${syscall} ${code} ${host}: ${text}`);
  return Object.assign(error, { code, errno, syscall, hostname: host });
}

function resolverOf(loop: EventLoop): Resolver {
  const resolver = loop._lookups instanceof Resolver ? loop._lookups : new Resolver(loop);
  loop._lookups = resolver;
  return resolver;
}

EventLoop.prototype._resolve = function _resolve(
  host,
  port,
  family = 0,
  flags = 0,
  type = 'stream',
  resolver,
) {
  const other = resolver ?? this._nameResolver ?? null;
  return resolverOf(this).resolve(host, port, family, flags, type, other);
};

EventLoop.prototype._resolveBack = function _resolveBack(host, port, flags) {
  return resolverOf(this).resolveBack(host, port, flags);
};
