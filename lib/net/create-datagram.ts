import { errnoError } from '../core/errors/errno.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import { Future } from '../core/future/future.ts';
import { checkSignal } from '../core/support/abort-listeners.ts';
import { describe } from '../core/support/describe.ts';
import { checkFlags, checkOptions } from '../core/support/options.ts';
import type { Coro } from '../core/support/types.ts';
import { abortable } from '../tasks/abort.ts';
import { DatagramSocket } from '../io/datagram-socket.ts';
import {
  ADDRESS_OPTIONS,
  type AddressOptions,
  checkAddressOptions,
  checkHost,
  checkPort,
  type Endpoint,
  endpointsOf,
  type Port,
} from '../io/names.ts';
import { discard } from '../io/native-stream.ts';
import {
  CONTROL_LAST_GENERATION,
  SOCKET_BROADCAST,
  SOCKET_ONLY6,
  SOCKET_REUSE_ADDRESS,
  SOCKET_REUSE_PORT,
} from '../native/layout.ts';
import { Made } from './create-connection.ts';
import type { DatagramProtocol } from './datagram-protocol.ts';
import { type DatagramTarget, DatagramTransport } from './datagram-transport.ts';
import { checkFactory } from './protocol.ts';

/** What a socket has to do with multicast. */
export interface MulticastOptions {
  /** Groups to receive from, numeric: `'239.1.2.3'`; one or several. */
  groups?: string | readonly string[];
  /** A name (`'eth0'`) or an address of this machine; default: the system chooses. */
  interface?: string;
  /** How many networks what is sent to a group crosses, 0 to 255; default 1. */
  ttl?: number;
  /** Whether it comes back to this machine; default true. */
  loopback?: boolean;
}

/** What `createDatagramEndpoint` takes. */
export interface DatagramOptions extends AddressOptions {
  /**
   * Our own end, `[host, port]`; host null for every interface, port 0 for any free one. Default:
   * the system chooses.
   */
  localAddr?: readonly [host: string | null, port: Port] | null;
  /**
   * Whom to send to. The socket is connected to it, so it receives from there alone and hears when
   * there is nobody (`ECONNREFUSED`); but with `broadcast` it is not.
   */
  remoteAddr?: readonly [host: string | null, port: Port] | null;
  /** Share the port with other sockets that say the same; default false. */
  reusePort?: boolean;
  /** Take a port that other sockets have, too, as those for multicast do; default false. */
  reuseAddress?: boolean;
  /** Whether datagrams may go to all of a network (`'<broadcast>'`); default false. */
  broadcast?: boolean;
  /** A socket of IPv6 takes IPv6 only; default: as the system has it. */
  ipv6Only?: boolean;
  /** Groups and how to send to them. */
  multicast?: MulticastOptions;
  /** Aborting it ends the attempt with an AbortError. */
  signal?: AbortSignal;
}

const FLAGS = ['reusePort', 'reuseAddress', 'broadcast', 'ipv6Only'];
/** The names of {@link DatagramOptions}. */
export const DATAGRAM_OPTIONS: readonly string[] = [
  ...ADDRESS_OPTIONS,
  ...FLAGS,
  'localAddr',
  'remoteAddr',
  'multicast',
  'signal',
];

/** `loop.createDatagramEndpoint`: see there. */
export function createDatagramIn<P extends DatagramProtocol>(
  loop: EventLoop,
  protocolFactory: () => P,
  options: DatagramOptions = {},
  where = 'createDatagramEndpoint()',
): Future<[DatagramTransport, P]> {
  checkFactory(protocolFactory);
  checkDatagramOptions(where, options);
  loop._checkClosed();
  const task = loop.createTask(openDatagrams(loop, protocolFactory, options));
  return options.signal ? abortable(loop, task, options.signal) : task;
}

/** @throws TypeError or RangeError for options that there are not */
export function checkDatagramOptions(where: string, options: DatagramOptions): void {
  checkOptions(where, options, DATAGRAM_OPTIONS);
  checkFlags(where, options, FLAGS);
  checkAddressOptions(options);
  const { localAddr, remoteAddr, multicast, signal } = options;
  checkEnd(localAddr, 'localAddr');
  checkEnd(remoteAddr, 'remoteAddr');
  if (signal) checkSignal(signal);
  if (multicast !== undefined) checkMulticast(multicast);
  if (!localAddr && !remoteAddr && !options.family) {
    throw new RangeError(`${where}: one of localAddr, remoteAddr and family is needed`);
  }
}

function checkEnd(end: unknown, name: string): void {
  if (end === undefined || end === null) return;
  if (!Array.isArray(end) || end.length !== 2) {
    throw new TypeError(`${name} must be [host, port], not ${describe(end)}`);
  }
  checkHost(end[0], `${name}[0]`);
  checkPort(end[1], `${name}[1]`);
}

function checkMulticast(multicast: MulticastOptions): void {
  checkOptions('multicast', multicast, ['groups', 'interface', 'ttl', 'loopback']);
  checkFlags('multicast', multicast, ['loopback']);
  const { ttl } = multicast;
  if (ttl !== undefined && !(Number.isInteger(ttl) && ttl >= 0 && ttl <= 255)) {
    throw new RangeError(`multicast: ttl must be an integer from 0 to 255, not ${describe(ttl)}`);
  }
  for (const text of [...groupsOf(multicast), multicast.interface ?? '']) {
    if (typeof text === 'string') continue;
    throw new TypeError(`multicast: groups and interface must be strings, not ${describe(text)}`);
  }
}

function groupsOf({ groups = [] }: MulticastOptions): readonly string[] {
  return Array.isArray(groups) ? groups : [groups as string];
}

function* openDatagrams<P extends DatagramProtocol>(
  loop: EventLoop,
  protocolFactory: () => P,
  options: DatagramOptions,
): Coro<[DatagramTransport, P]> {
  const everywhere = options.family === 6 ? '::' : '0.0.0.0';
  const locals = yield* endsOf(loop, options.localAddr, everywhere, options);
  const remotes = yield* endsOf(loop, options.remoteAddr, 'localhost', options);
  const { handle, generation, target } = openFirst(loop, locals, remotes, options);
  let transport: DatagramTransport;
  let protocol: P;
  try {
    if (options.multicast !== undefined) {
      applyMulticast(new DatagramSocket(loop, handle, generation), options.multicast);
    }
    protocol = protocolFactory();
    transport = new DatagramTransport(loop, handle, generation, protocol, target);
  } catch (error) {
    discard(loop, handle, generation);
    throw error;
  }
  const made = new Future<void>({ loop });
  transport._open();
  loop._rings.enqueue(new Made(made));
  try {
    yield* made;
  } catch (error) {
    transport.abort();
    throw error;
  }
  return [transport, protocol];
}

function* endsOf(
  loop: EventLoop,
  end: DatagramOptions['localAddr'],
  otherwise: string,
  options: AddressOptions,
): Coro<readonly Endpoint[] | null> {
  if (end === undefined || end === null) return null;
  const [host, port] = end;
  return yield* endpointsOf(loop, host || otherwise, port, options, 'datagram');
}

interface Opened {
  handle: number;
  generation: number;
  target: DatagramTarget;
}

/** The first pair of ends of one family that a socket can be made for. */
function openFirst(
  loop: EventLoop,
  locals: readonly Endpoint[] | null,
  remotes: readonly Endpoint[] | null,
  options: DatagramOptions,
): Opened {
  let first: Error | null = null;
  for (const [local, remote] of pairs(locals, remotes)) {
    const family = local?.family ?? remote?.family ?? (options.family as 4 | 6);
    const connected = remote !== null && !options.broadcast;
    const handle = loop._engine.datagrams(
      family,
      local?.address ?? '',
      local?.port ?? 0,
      connected ? remote.address : '',
      connected ? remote.port : 0,
      socketFlags(options, family),
    );
    if (handle >= 0) {
      const generation = loop._rings.control[CONTROL_LAST_GENERATION]!;
      const address = remote === null ? null : ([remote.address, remote.port] as const);
      return { handle, generation, target: { family, remote: address, connected } };
    }
    first ??= errnoError(handle, local === null ? 'connect' : 'bind', local ?? remote ?? {});
  }
  throw first ?? new RangeError('localAddr and remoteAddr have no address of the same family');
}

function* pairs(
  locals: readonly Endpoint[] | null,
  remotes: readonly Endpoint[] | null,
): Generator<[Endpoint | null, Endpoint | null]> {
  for (const local of locals ?? [null]) {
    for (const remote of remotes ?? [null]) {
      if (local === null || remote === null || local.family === remote.family) {
        yield [local, remote];
      }
    }
  }
}

function socketFlags(options: DatagramOptions, family: 4 | 6): number {
  let flags = options.reusePort ? SOCKET_REUSE_PORT : 0;
  if (options.reuseAddress) flags |= SOCKET_REUSE_ADDRESS;
  if (options.broadcast) flags |= SOCKET_BROADCAST;
  if (options.ipv6Only && family === 6) flags |= SOCKET_ONLY6;
  return flags;
}

function applyMulticast(socket: DatagramSocket, multicast: MulticastOptions): void {
  if (multicast.interface !== undefined) socket.setMulticastInterface(multicast.interface);
  if (multicast.ttl !== undefined) socket.setMulticastTTL(multicast.ttl);
  if (multicast.loopback !== undefined) socket.setMulticastLoopback(multicast.loopback);
  for (const group of groupsOf(multicast)) socket.addMembership(group, multicast.interface);
}
