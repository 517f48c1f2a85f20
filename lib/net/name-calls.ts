/** `loop.getaddrinfo`, `getnameinfo` and `setResolver`. */
import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
import { describe } from '../core/support/describe.ts';
import type { Coro } from '../core/support/types.ts';
import { checkFlags, checkOptions } from '../core/support/options.ts';
import { failedFuture } from '../core/future/done-future.ts';
import {
  ADDRESS_OPTIONS,
  type AddressOptions,
  checkAddressOptions,
  checkHost,
  checkPort,
  type Endpoint,
  lookup,
  type Port,
} from '../io/names.ts';
import {
  type NameResolver,
  numericFamily,
  type ResolvedAddress,
  type ServiceType,
} from '../io/resolver.ts';
import type { SocketAddress } from '../io/transport-socket.ts';
import {
  NAME_DATAGRAM,
  NAME_NUMERIC_HOST,
  NAME_NUMERIC_SERVICE,
  NAME_REQUIRED,
} from '../native/layout.ts';
import { abortedBefore, abortWith, type SignalOptions } from '../tasks/abort.ts';

/** Options of `getaddrinfo`. */
export interface LookupOptions extends AddressOptions, SignalOptions {
  /** What a service by name is looked up for: `'stream'` (TCP, the default) or `'datagram'`. */
  type?: ServiceType;
}

/** Options of `getnameinfo`. */
export interface NameOptions extends SignalOptions {
  /** Return the numeric address instead of the host's name; default false. */
  numericHost?: boolean;
  /** Return the port number instead of the service's name; default false. */
  numericService?: boolean;
  /** Fail with `ENOTFOUND` when the address has no name; default false: return the address then. */
  nameRequired?: boolean;
  /** Look up the service for datagrams (UDP) instead of TCP; default false. */
  datagram?: boolean;
}

const NAME_FLAGS = ['numericHost', 'numericService', 'nameRequired', 'datagram'] as const;
const NONE: LookupOptions = {};

/** Implements `loop.getaddrinfo`. */
export function getaddrinfoIn(
  loop: EventLoop,
  host: string | null,
  port: Port,
  options: LookupOptions = NONE,
): Future<Endpoint[]> {
  if (options !== NONE) checkLookupOptions(options);
  checkHost(host);
  checkPort(port);
  loop._checkClosed();
  const abortion = abortedBefore(options.signal);
  if (abortion !== null) return failedFuture({ loop }, abortion);
  const found = host
    ? lookup(loop, host, port, options, options.type)
    : loop.createTask(ownAddresses(loop, port, options));
  return abortWith(found, options.signal);
}

/** The flag of getaddrinfo(3) for addresses to listen on; the same value on every platform. */
const AI_PASSIVE = 1;
const LOOPBACK: readonly ResolvedAddress[] = [
  { address: '::1', family: 6 },
  { address: '127.0.0.1', family: 4 },
];
const EVERYWHERE: readonly ResolvedAddress[] = [
  { address: '0.0.0.0', family: 4 },
  { address: '::', family: 6 },
];

/** No host: the loopback addresses, or those of every interface. */
function* ownAddresses(loop: EventLoop, port: Port, options: LookupOptions): Coro<Endpoint[]> {
  const { family = 0, flags = 0, type } = options;
  // The port may be a service name.
  const [first] = yield* lookup(loop, '127.0.0.1', port, {}, type);
  const all = (flags & AI_PASSIVE) === 0 ? LOOPBACK : EVERYWHERE;
  return all
    .filter((each) => family === 0 || each.family === family)
    .map((each) => ({ address: each.address, port: first!.port, family: each.family }));
}

function checkLookupOptions(options: LookupOptions): void {
  checkOptions('getaddrinfo()', options, [...ADDRESS_OPTIONS, 'type', 'signal']);
  checkAddressOptions(options);
  const { type } = options;
  if (type === undefined || type === 'stream' || type === 'datagram') return;
  throw new RangeError(`type must be 'stream' or 'datagram', not ${describe(type)}`);
}

/** Implements `loop.getnameinfo`. */
export function getnameinfoIn(
  loop: EventLoop,
  address: SocketAddress,
  options: NameOptions = {},
): Future<[host: string, service: string]> {
  checkOptions('getnameinfo()', options, [...NAME_FLAGS, 'signal']);
  checkFlags('getnameinfo()', options, NAME_FLAGS);
  if (!Array.isArray(address) || address.length !== 2 || typeof address[0] !== 'string') {
    throw new TypeError(`address must be [host, port], not ${describe(address)}`);
  }
  const [host, port] = address as SocketAddress;
  if (typeof port !== 'number') {
    throw new TypeError(`address: the port must be a number, not ${describe(port)}`);
  }
  checkPort(port, 'address: the port');
  if (numericFamily(host) === 0) {
    throw new RangeError(`address: the host must be a numeric address, not ${describe(host)}`);
  }
  loop._checkClosed();
  const abortion = abortedBefore(options.signal);
  if (abortion !== null) return failedFuture({ loop }, abortion);
  let flags = options.numericHost ? NAME_NUMERIC_HOST : 0;
  if (options.numericService) flags |= NAME_NUMERIC_SERVICE;
  if (options.nameRequired) flags |= NAME_REQUIRED;
  if (options.datagram) flags |= NAME_DATAGRAM;
  return abortWith(loop._resolveBack(host, port, flags), options.signal);
}

/** Implements `loop.setResolver`. */
export function setResolverOf(loop: EventLoop, resolver: NameResolver | null): void {
  if (resolver !== null && typeof resolver?.resolve !== 'function') {
    throw new TypeError(`a resolver must have resolve(host, family), not ${describe(resolver)}`);
  }
  loop._nameResolver = resolver;
}
