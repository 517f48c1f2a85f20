/** The connections of a session, or of several: how many, for how long, from where. */
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

/** Options of a {@link Connector}; a session without one takes the same. */
export interface ConnectorOptions {
  /** Requests under way at once; 100 by default, 0 for no limit. The others wait in turn. */
  limit?: number;
  /** The same for each host; 0, no limit, by default. */
  limitPerHost?: number;
  /**
   * How long an idle connection is kept; 15 s by default, 0 for not at all. A server that says
   * `Keep-Alive: timeout=5` is believed.
   */
  keepAliveTimeout?: Duration;
  /** Bounds of the heads of responses, with the names that `serve` has; more is an error. */
  limits?: HeadLimits;
  /** Our own address, or one of each family: others than those are not connected to. */
  localAddr?: string | readonly string[];
  /** 4 or 6 for only those addresses of a host; 0, both, by default. */
  family?: 0 | 4 | 6;
  /** The wait before the next address of a host is tried, too; 0.25 s by default (RFC 8305). */
  happyEyeballsDelay?: Duration;
  /** Who knows the addresses of names, such as a `DnsCache`; by default whom the loop asks. */
  resolver?: NameResolver | null;
  /**
   * Makes the socket of each connection, in either lane: with options of its own, bound to a device
   * or an address, or connected already, by way of whatever else. It is called for each address
   * that is tried, with `{ host, address, port, family }`; a socket that is not connected then is
   * connected there. It belongs to the connector from then on.
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

/** The options of a connector, checked. */
export interface ConnectorSettings {
  readonly limit: number;
  readonly limitPerHost: number;
  readonly keepAlive: number;
  readonly messageLimits: MessageLimits | null;
  /** Null: the system chooses. */
  readonly locals: readonly Endpoint[] | null;
  readonly family: 0 | 4 | 6;
  readonly delay: number;
  readonly resolver: NameResolver | null;
  /** Null: sockets are made natively. */
  readonly factory: SocketFactory | null;
}

/** @throws TypeError, RangeError that name the option */
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
 * Connections that several sessions share, each with cookies, headers and limits on time of its
 * own: `new ClientSession({ connector })`. A session does not close the one that it was given.
 *
 * @throws RuntimeError outside a running loop; TypeError, RangeError that name the option
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

  /** Connections that are open now, idle ones included. */
  get connections(): number {
    return this._pool.size;
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this._pool.closed;
  }

  /** Closes every connection; requests under way fail. @returns done when all are closed */
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

/** @throws TypeError for anything but a connector; RuntimeError for one of another loop */
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
