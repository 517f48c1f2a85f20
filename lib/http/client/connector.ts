/** The connections of one or more sessions: how many, for how long, from which address. */
import { RuntimeError } from '../../core/errors/errors.ts';
import type { Future } from '../../core/future/future.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { describe } from '../../core/support/describe.ts';
import type { Duration } from '../../core/support/duration.ts';
import { toSeconds } from '../../core/support/duration.ts';
import { checkOptions } from '../../core/support/options.ts';
import { showsText } from '../../core/support/shows-text.ts';
import { NEXT_AFTER } from '../../io/connect-race.ts';
import type { Endpoint } from '../../io/names.ts';
import type { NameResolver } from '../../io/resolver.ts';
import type { MessageLimits } from '../../native/binding.ts';
import { loopWithNetwork } from '../../net/running-loop.ts';
import type { HeadLimits } from '../message/option-values.ts';
import { headLimits, integer } from '../message/option-values.ts';
import { ConnectionPool } from './connection-pool.ts';
import type { SocketFactory } from './socket-race.ts';

/** Options of a {@link Connector}; a session without a connector takes them itself. */
export interface ConnectorOptions {
  /**
   * How many requests may be in progress at once; default 100, 0 for no limit. Others wait in turn.
   */
  limit?: number;
  /** The same for each origin; default 0, no limit. */
  limitPerHost?: number;
  /**
   * How long an idle connection is kept; default 15 s, 0 for not at all. A server's `Keep-Alive:
   * timeout=5` shortens it.
   */
  keepAliveTimeout?: Duration;
  /** Limits for the heads of responses, named as in `serve`; exceeding one is an error. */
  limits?: HeadLimits;
  /**
   * The local address to connect from, or one per family; addresses of other families are not
   * tried.
   */
  localAddr?: string | readonly string[];
  /** 4 or 6 to use only those addresses of a host; default 0, both. */
  family?: 0 | 4 | 6;
  /** How long to wait before the next address is tried in parallel; default 0.25 s (RFC 8305). */
  happyEyeballsDelay?: Duration;
  /** Resolves host names, for example a `DnsCache`; default: the loop's resolver. */
  resolver?: NameResolver | null;
  /**
   * Creates the socket of each connection, as a coroutine or an async function: for example with
   * its own options, bound to a device or an address, or already connected through something else.
   * It is called with `{ host, address, port, family }` for each address that is tried; a socket
   * that is not yet connected is then connected to that address. The connector owns the socket from
   * then on.
   */
  socketFactory?: SocketFactory | null;
}

export const CONNECTOR_OPTIONS: readonly string[] = [
  'limit',
  'limitPerHost',
  'keepAliveTimeout',
  'limits',
  'localAddr',
  'family',
  'happyEyeballsDelay',
  'resolver',
  'socketFactory',
];

/** The checked options of a connector. */
export interface ConnectorSettings {
  readonly limit: number;
  readonly limitPerHost: number;
  readonly keepAlive: number;
  readonly messageLimits: MessageLimits | null;
  /** Local addresses; null: the system chooses. */
  readonly locals: readonly Endpoint[] | null;
  readonly family: 0 | 4 | 6;
  readonly delay: number;
  readonly resolver: NameResolver | null;
  /** Null: sockets are created natively. */
  readonly factory: SocketFactory | null;
}

/** @throws TypeError or RangeError naming the option */
export function connectorSettings(where: string, options: ConnectorOptions): ConnectorSettings {
  const keepAlive = toSeconds(options.keepAliveTimeout ?? 15, 'keepAliveTimeout');
  if (keepAlive < 0) {
    throw new RangeError(`keepAliveTimeout must be 0 or more, not ${keepAlive}`);
  }
  const delay = toSeconds(options.happyEyeballsDelay ?? NEXT_AFTER, 'happyEyeballsDelay');
  if (delay < 0) throw new RangeError(`happyEyeballsDelay must be 0 or more, not ${delay}`);
  const { family = 0 } = options;
  if (family !== 0 && family !== 4 && family !== 6) {
    throw new RangeError(`${where}: family must be 0, 4 or 6, not ${describe(family)}`);
  }
  return {
    limit: integer('limit', options.limit ?? 100, 0, 2 ** 53 - 1),
    limitPerHost: integer('limitPerHost', options.limitPerHost ?? 0, 0, 2 ** 53 - 1),
    keepAlive,
    messageLimits: headLimits(where, options.limits),
    locals: localsOf(where, options.localAddr),
    family,
    delay,
    resolver: resolverOf(where, options.resolver),
    factory: factoryOf(where, options),
  };
}

function resolverOf(where: string, given: NameResolver | null | undefined): NameResolver | null {
  if (given === undefined || given === null) return null;
  if (typeof given.resolve === 'function') return given;
  throw new TypeError(`${where}: resolver must have resolve(host, family), not ${describe(given)}`);
}

function factoryOf(where: string, options: ConnectorOptions): SocketFactory | null {
  const { socketFactory = null, localAddr } = options;
  if (socketFactory === null) return null;
  if (typeof socketFactory !== 'function') {
    throw new TypeError(
      `${where}: socketFactory must be a function, not ${describe(socketFactory)}`,
    );
  }
  if (localAddr === undefined) return socketFactory;
  throw new TypeError(`${where}: localAddr is of sockets that no socketFactory makes: bind() them`);
}

function localsOf(where: string, given: unknown): Endpoint[] | null {
  if (given === undefined) return null;
  const all: unknown[] = Array.isArray(given) ? given : [given];
  const { isIP } = process.getBuiltinModule('node:net');
  return all.map((address) => {
    const family = typeof address === 'string' ? isIP(address) : 0;
    if (family !== 0) return { address: address as string, port: 0, family: family as 4 | 6 };
    const shown = typeof address === 'string' ? JSON.stringify(address) : describe(address);
    throw new TypeError(`${where}: localAddr must be a numeric address or some, not ${shown}`);
  });
}

/**
 * Connections shared by several sessions, each with its own cookies, headers and timeouts: `new
 * ClientSession({ connector })`. A session does not close a connector that it was given.
 *
 * @throws RuntimeError outside a running loop; TypeError or RangeError naming the option
 * @example
 * await using connector = new Connector({ limit: 500, limitPerHost: 20, family: 4 });
 * const mine = new ClientSession({ connector, baseUrl: 'https://example.org/' });
 * const yours = new ClientSession({ connector, headers: { authorization } });
 */
export class Connector {
  /** @internal */ readonly _loop: EventLoop;
  /** @internal */ readonly _pool: ConnectionPool;
  /** @internal */ readonly _settings: ConnectorSettings;

  constructor(options: ConnectorOptions = {}) {
    checkOptions('Connector', options, CONNECTOR_OPTIONS);
    this._settings = connectorSettings('Connector', options);
    this._loop = loopWithNetwork('new Connector()');
    this._pool = poolOf(this._loop, this._settings);
  }

  /** How many connections are open, including idle ones. */
  get connections(): number {
    return this._pool.size;
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this._pool.closed;
  }

  /** Closes every connection; requests in progress fail. @returns done when all are closed */
  close(): Future<void> {
    return this._pool.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  toString(): string {
    return `<Connector ${this.closed ? 'closed' : `${this.connections} connections`}>`;
  }
}

showsText(Connector);

export function poolOf(loop: EventLoop, settings: ConnectorSettings): ConnectionPool {
  return new ConnectionPool(loop, settings.limit, settings.limitPerHost, settings.keepAlive);
}

/**
 * The `connector` option, or null.
 * @throws TypeError when it is not a Connector or is given with options of one; RuntimeError when
 *   it belongs to another loop
 */
export function checkConnector(where: string, options: object, loop: EventLoop): Connector | null {
  const { connector = null } = options as { connector?: unknown };
  if (connector === null) return null;
  if (!(connector instanceof Connector)) {
    throw new TypeError(`${where}: connector must be a Connector, not ${describe(connector)}`);
  }
  const both = CONNECTOR_OPTIONS.find((name) => (options as any)[name] !== undefined);
  if (both !== undefined) {
    throw new TypeError(`${where}: ${both} is an option of the connector that was given`);
  }
  if (connector._loop === loop) return connector;
  throw new RuntimeError('a Connector serves the loop in which it was made; this is another one');
}
