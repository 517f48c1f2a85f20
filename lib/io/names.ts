import { describe } from '../core/support/describe.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
import type { Coro } from '../core/support/types.ts';
import type { Address, ServiceType } from './resolver.ts';
import './resolver.ts';

/** A port number, or the name of a service such as `'http'`. */
export type Port = number | string;

/** 4, 6, or 0 for both. */
export type Family = 0 | 4 | 6;

/** A numeric address to bind or connect to. */
export type Endpoint = Address;

/** Options of address lookups. */
export interface AddressOptions {
  /** 4 or 6 for only those; 0 (default) for both. */
  family?: Family;
  /** Flags of getaddrinfo(3), for example `dns.ADDRCONFIG`; default 0. */
  flags?: number;
}

/** The names of {@link AddressOptions}. */
export const ADDRESS_OPTIONS: readonly string[] = ['family', 'flags'];

/** @throws TypeError or RangeError for an invalid family or flags */
export function checkAddressOptions({ family, flags }: AddressOptions): void {
  checkFamily(family);
  if (flags === undefined || Number.isInteger(flags)) return;
  throw new TypeError(`flags must be an integer, not ${describe(flags)}`);
}

/** @throws TypeError or RangeError unless it is a port number or a service name */
export function checkPort(port: unknown, name = 'port'): void {
  if (typeof port === 'string' && port !== '') return;
  if (typeof port !== 'number' && typeof port !== 'string') {
    throw new TypeError(`${name} must be a number or a service name, not ${describe(port)}`);
  }
  if (typeof port === 'string' || !Number.isInteger(port) || port < 0 || port > 65535) {
    throw new RangeError(`${name} must be an integer from 0 to 65535, not ${describe(port)}`);
  }
}

/** Throws unless the family is 0, 4 or 6. */
function checkFamily(family: unknown): void {
  if (family !== undefined && family !== 0 && family !== 4 && family !== 6) {
    throw new RangeError(`family must be 0, 4 or 6, not ${describe(family)}`);
  }
}

/** Throws unless the host is a string without NUL that can be a name. */
export function checkHost(host: unknown, name = 'host'): void {
  if (host === null || host === undefined || typeof host === 'string') return;
  throw new TypeError(`${name} must be a string or null, not ${describe(host)}`);
}

/**
 * The numeric addresses of a host: at once for numeric hosts, from a thread of the engine for
 * names. Both families in the order of the system's resolver, without duplicates.
 */
export function* endpointsOf(
  loop: EventLoop,
  host: string,
  port: Port,
  options: AddressOptions = {},
  type: ServiceType = 'stream',
): Coro<Endpoint[]> {
  const found = yield* lookup(loop, host, port, options, type);
  return unique(found);
}

/** The same as a future; the lookup has already started. */
export function lookup(
  loop: EventLoop,
  host: string,
  port: Port,
  options: AddressOptions = {},
  type: ServiceType = 'stream',
): Future<Endpoint[]> {
  return loop._resolve(host, port, options.family ?? 0, options.flags ?? 0, type);
}

/** The endpoints without duplicates. */
export function unique(endpoints: readonly Endpoint[]): Endpoint[] {
  const seen = new Map<string, Endpoint>();
  for (const endpoint of endpoints) {
    const key = `${endpoint.address} ${endpoint.port}`;
    if (!seen.has(key)) seen.set(key, endpoint);
  }
  return [...seen.values()];
}
