import { making } from '../tasks/making.ts';
import { errnoError, errnoOf } from '../core/errors/errno.ts';
import { RuntimeError } from '../core/errors/errors.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import { Future } from '../core/future/future.ts';
import { checkSignal } from '../core/support/abort-listeners.ts';
import { describe } from '../core/support/describe.ts';
import { checkAbsent, checkFlags, checkOptions } from '../core/support/options.ts';
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
  type Family,
  type Port,
} from '../io/names.ts';
import { discard } from '../io/native-stream.ts';
import { checkSocket, Socket } from '../io/socket.ts';
import type { AnySocketAddress } from '../io/transport-socket.ts';
import {
  CONTROL_LAST_GENERATION,
  SOCKET_BROADCAST,
  SOCKET_ONLY6,
  SOCKET_REUSE_ADDRESS,
  SOCKET_REUSE_PORT,
} from '../native/layout.ts';
import { Made } from './create-connection.ts';
import type { DatagramProtocol } from './datagram-protocol.ts';
import {
  type DatagramExtras,
  type DatagramTarget,
  DatagramTransport,
} from './datagram-transport.ts';
import { checkFactory } from './protocol.ts';
import { checkPath, explained, isAbstract, removerOf, removeStale } from './unix-path.ts';

/** Multicast options of a datagram socket. */
export interface MulticastOptions {
  /** Numeric addresses of one or several groups to join: `'239.1.2.3'`. */
  groups?: string | readonly string[];
  /** Interface: its name (`'eth0'`) or an address of this machine; default: the system chooses. */
  interface?: string;
  /** How many hops datagrams to a group may take, 0 to 255; default 1. */
  ttl?: number;
  /** Whether they are also delivered on this machine; default true. */
  loopback?: boolean;
}

/** One end: `[host, port]`, or the path of a Unix socket. */
export type DatagramEnd = readonly [host: string | null, port: Port] | string;

/** Options of `createDatagramEndpoint`. */
export interface DatagramOptions extends Omit<AddressOptions, 'family'> {
  /**
   * 4 or 6 for only those; 0 (default) for both. `'unix'` for Unix sockets; not needed when an
   * address has a `/` or begins with a NUL.
   */
  family?: Family | 'unix';
  /**
   * The local address, `[host, port]`; host null for every interface, port 0 for any free one. Or
   * the path of a Unix socket (or a NUL and an abstract name, Linux); a stale socket file there is
   * replaced. Default: the system chooses; a Unix socket then has no address, and cannot be
   * answered.
   */
  localAddr?: DatagramEnd | null;
  /**
   * The address to send to. The socket is connected to it, so it receives only from there and
   * reports when nobody listens there (`ECONNREFUSED`); with `broadcast` it is not connected.
   */
  remoteAddr?: DatagramEnd | null;
  /**
   * A datagram socket to take over, bound and connected as it is. The transport owns it as soon as
   * it exists. Only `signal` may be given together with it.
   */
  sock?: Socket;
  /**
   * Remove the file of a Unix socket when it is closed, unless another file has replaced it by
   * then; default true.
   */
  cleanupSocket?: boolean;
  /** Share the port with other sockets that set this too (SO_REUSEPORT); default false. */
  reusePort?: boolean;
  /** Allow a port that other sockets use too, as is usual for multicast; default false. */
  reuseAddress?: boolean;
  /** Whether sending to broadcast addresses (`'<broadcast>'`) is allowed; default false. */
  broadcast?: boolean;
  /** Whether an IPv6 socket refuses IPv4; default: the system's setting. */
  ipv6Only?: boolean;
  /** Groups to join, and how to send to them. */
  multicast?: MulticastOptions;
  /** Aborting it ends the attempt with an AbortError. */
  signal?: AbortSignal;
}

/** Flags that only IP sockets have. */
const NETWORK_FLAGS = ['reusePort', 'reuseAddress', 'broadcast', 'ipv6Only'];
const FLAGS = [...NETWORK_FLAGS, 'cleanupSocket'];
/** The names of {@link DatagramOptions}. */
export const DATAGRAM_OPTIONS: readonly string[] = [
  ...ADDRESS_OPTIONS,
  ...FLAGS,
  'localAddr',
  'remoteAddr',
  'multicast',
  'sock',
  'signal',
];
/** The options that concern creating a socket. */
const OF_MAKING = DATAGRAM_OPTIONS.filter((name) => name !== 'sock' && name !== 'signal');

/** Implements `loop.createDatagramEndpoint`. */
export function createDatagramIn<P extends DatagramProtocol<any>>(
  loop: EventLoop,
  protocolFactory: () => P,
  options: DatagramOptions = {},
  where = 'createDatagramEndpoint()',
): Future<[DatagramTransport, P]> {
  checkFactory(protocolFactory);
  checkDatagramOptions(where, options);
  loop._checkClosed();
  const { sock } = options;
  const task = loop.createTask(
    sock === undefined
      ? openDatagrams(loop, where, protocolFactory, options)
      : datagramsOver(loop, where, protocolFactory, sock),
  );
  const opening = options.signal ? abortable(loop, task, options.signal) : task;
  return making(opening, ([transport]) => transport.abort());
}

/** @throws TypeError or RangeError for invalid options */
export function checkDatagramOptions(where: string, options: DatagramOptions): void {
  checkOptions(where, options, DATAGRAM_OPTIONS);
  checkFlags(where, options, FLAGS);
  const { localAddr, remoteAddr, multicast, signal, sock } = options;
  if (signal) checkSignal(signal);
  if (sock !== undefined) {
    checkDatagramSock(where, sock);
    checkAbsent(where, options, OF_MAKING, 'sock');
    return;
  }
  if (isUnix(options)) {
    checkUnixEnds(where, options);
    return;
  }
  checkAddressOptions(options as AddressOptions);
  checkEnd(localAddr, 'localAddr');
  checkEnd(remoteAddr, 'remoteAddr');
  checkAbsent(where, options, ['cleanupSocket'], 'the address of a network');
  if (multicast !== undefined) checkMulticast(multicast);
  if (!localAddr && !remoteAddr && !options.family) {
    throw new RangeError(`${where}: one of localAddr, remoteAddr and family is needed`);
  }
}

function checkDatagramSock(where: string, sock: unknown): void {
  checkSocket(`${where}: sock`, sock);
  if (sock.type !== 'datagram') {
    throw new RangeError(`${where}: a datagram socket was expected, not ${describe(sock)}`);
  }
  sock._open('getsockname');
}

/** A string without `/` could be a host name, unless `family` says that it is a path. */
function isUnix({ family, localAddr, remoteAddr }: DatagramOptions): boolean {
  const isPath = (end: unknown): boolean =>
    typeof end === 'string' && (end.includes('/') || isAbstract(end));
  return family === 'unix' || isPath(localAddr) || isPath(remoteAddr);
}

function checkUnixEnds(where: string, options: DatagramOptions): void {
  const { family = 'unix', localAddr, remoteAddr } = options;
  if (family !== 'unix' && family !== 0) {
    throw new RangeError(`${where}: family is ${describe(family)}, and an address is a path`);
  }
  for (const end of [localAddr, remoteAddr]) {
    if (end !== undefined && end !== null) checkPath(where, end);
  }
  checkAbsent(where, options, ['flags', 'multicast', ...NETWORK_FLAGS], 'a Unix socket');
}

function checkEnd(end: unknown, name: string): void {
  if (end === undefined || end === null) return;
  if (!Array.isArray(end) || end.length !== 2) {
    throw new TypeError(
      `${name} must be [host, port], or a path with family 'unix', not ${describe(end)}`,
    );
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

function* openDatagrams<P extends DatagramProtocol<any>>(
  loop: EventLoop,
  where: string,
  protocolFactory: () => P,
  options: DatagramOptions,
): Coro<[DatagramTransport, P]> {
  if (isUnix(options)) {
    const { sock, closing } = unixSocket(loop, options);
    return yield* datagramsOver(loop, where, protocolFactory, sock, closing);
  }
  const asked = options as AddressOptions;
  const everywhere = asked.family === 6 ? '::' : '0.0.0.0';
  const locals = yield* endsOf(loop, options.localAddr, everywhere, asked);
  const remotes = yield* endsOf(loop, options.remoteAddr, 'localhost', asked);
  const opened = openFirst(loop, locals, remotes, options);
  return yield* transportOver(loop, protocolFactory, opened, options.multicast);
}

/** A transport over an existing socket; an error before it is taken over leaves it unchanged. */
function* datagramsOver<P extends DatagramProtocol<any>>(
  loop: EventLoop,
  where: string,
  protocolFactory: () => P,
  sock: Socket,
  closing?: () => void,
): Coro<[DatagramTransport, P]> {
  sock._stopWaiting();
  const handle = loop._engine.datagramsOn(sock._open('getsockname'));
  if (handle === errnoOf('EBUSY')) {
    throw new RuntimeError(`${where}: ${sock} is used by a transport`);
  }
  if (handle === errnoOf('EOPNOTSUPP')) {
    throw new RuntimeError(`${where}: a loop in virtual time has no sockets of the system`);
  }
  if (handle < 0) throw errnoError(handle, 'getsockname');
  const generation = loop._rings.control[CONTROL_LAST_GENERATION]!;
  const remote = peerOf(sock);
  const target = { family: sock.family, remote, connected: remote !== null };
  const extras = { unread: [...sock._unread], ...(closing === undefined ? {} : { closing }) };
  sock.detach();
  return yield* transportOver(loop, protocolFactory, { handle, generation, target, extras });
}

function peerOf(sock: Socket): AnySocketAddress | null {
  try {
    return sock.getpeername();
  } catch {
    return null;
  }
}

function* transportOver<P extends DatagramProtocol<any>>(
  loop: EventLoop,
  protocolFactory: () => P,
  { handle, generation, target, extras = {} }: Opened,
  multicast?: MulticastOptions,
): Coro<[DatagramTransport, P]> {
  let transport: DatagramTransport;
  let protocol: P;
  try {
    if (multicast !== undefined) {
      applyMulticast(new DatagramSocket(loop, handle, generation), multicast);
    }
    protocol = protocolFactory();
    transport = new DatagramTransport(loop, handle, generation, protocol, target, extras);
  } catch (error) {
    extras.closing?.();
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
  const [host, port] = end as [string | null, Port];
  return yield* endpointsOf(loop, host || otherwise, port, options, 'datagram');
}

interface Opened {
  handle: number;
  generation: number;
  target: DatagramTarget;
  extras?: DatagramExtras;
}

/** Opens a Unix socket as the options say, and a function that removes its file. */
function unixSocket(
  loop: EventLoop,
  options: DatagramOptions,
): { sock: Socket; closing: () => void } {
  if (loop.driver === 'virtual') throw explained(errnoError('EOPNOTSUPP', 'socket'), '');
  const local = (options.localAddr ?? '') as string;
  const remote = (options.remoteAddr ?? '') as string;
  const isFile = local !== '' && !isAbstract(local);
  const sock = new Socket({ family: 'unix', type: 'datagram' });
  let closing = (): void => {};
  try {
    if (isFile) removeStale(local);
    if (local !== '') explaining(local, () => sock.bind(local));
    if (isFile && (options.cleanupSocket ?? true)) closing = removerOf(local);
    if (remote !== '') explaining(remote, () => sock._connect(remote));
  } catch (error) {
    closing();
    sock.close();
    throw error;
  }
  return { sock, closing };
}

function explaining(path: string, call: () => void): void {
  try {
    call();
  } catch (error) {
    throw explained(error, path);
  }
}

/** Opens the first pair of local and remote address of one family that works. */
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
