import { making } from '../tasks/making.ts';
import { describe } from '../core/support/describe.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
import { checkSignal } from '../core/support/abort-listeners.ts';
import { checkAbsent, checkFlags, checkOptions } from '../core/support/options.ts';
import type { Coro } from '../core/support/types.ts';
import { listenAll, type Listener, type ListenOptions, listenOver } from '../io/listener.ts';
import type { LayerMaker } from '../native/tls-binding.ts';
import type { Socket } from '../io/socket.ts';
import {
  applyTcp,
  TCP_OPTIONS,
  type TcpOptions,
  type TcpSetting,
  tcpSettings,
} from '../io/tcp-options.ts';
import { abortable } from '../tasks/abort.ts';
import { checkSock } from './adopt-socket.ts';
import {
  ADDRESS_OPTIONS,
  checkAddressOptions,
  checkHost,
  checkPort,
  endpointsOf,
  unique,
  type AddressOptions,
  type Endpoint,
  type Port,
} from '../io/names.ts';
import { SOCKET_ONLY6, SOCKET_REUSE_ADDRESS, SOCKET_REUSE_PORT } from '../native/layout.ts';
import { checkFactory, type ProtocolFactory } from './protocol.ts';
import { ServerTls } from '../tls/server-tls.ts';
import { Server } from './server.ts';
import { acceptedTls, SERVER_TLS_OPTIONS, type ServerTlsOptions } from './tls-options.ts';

/** Where to listen: one name or address, several, or null (or '') for every interface. */
export type Hosts = string | null | undefined | readonly string[];

/** Options of `createServer`. */
export interface ServerOptions extends AddressOptions, TcpOptions, ServerTlsOptions {
  /** How many connections the kernel queues until they are accepted; default 4096. */
  backlog?: number;
  /** Allow an address that an earlier server left in TIME_WAIT; default true. */
  reuseAddress?: boolean;
  /** Share the port with other sockets that set this too (SO_REUSEPORT); default false. */
  reusePort?: boolean;
  /** Whether IPv6 sockets refuse IPv4, so that an IPv4 one can use the same port; default true. */
  ipv6Only?: boolean;
  /** Start to accept at once; default true. If false, `server.startServing()` starts it. */
  startServing?: boolean;
  /**
   * A socket that is already bound (it need not listen yet), or several; host and port must then be
   * null. The server owns them from then on.
   */
  sock?: Socket | readonly Socket[];
  /** Aborting it ends the attempt with an AbortError; it has no effect on a running server. */
  signal?: AbortSignal;
}

const SERVER_FLAGS = ['reuseAddress', 'reusePort', 'ipv6Only', 'startServing'];
/** The names of {@link ServerOptions}. */
export const SERVER_OPTIONS: readonly string[] = [
  ...ADDRESS_OPTIONS,
  ...TCP_OPTIONS,
  'backlog',
  ...SERVER_FLAGS,
  'sock',
  'signal',
  ...SERVER_TLS_OPTIONS,
];
/** The options that concern creating a socket. */
const OF_BINDING: readonly string[] = [...ADDRESS_OPTIONS, 'reuseAddress', 'reusePort', 'ipv6Only'];

// The kernel clamps it to its own limit. asyncio's 100 loses connections under a burst.
export const DEFAULT_BACKLOG = 4096;

/** Implements `loop.createServer`. */
export function createServerIn(
  loop: EventLoop,
  protocolFactory: ProtocolFactory,
  host: Hosts,
  port: Port | null,
  options: ServerOptions = {},
  where = 'createServer()',
): Future<Server> {
  checkFactory(protocolFactory);
  checkOptions(where, options, SERVER_OPTIONS);
  checkFlags(where, options, SERVER_FLAGS);
  const { sock, signal } = options;
  const settings = tcpSettings(where, options);
  checkBacklog(options.backlog);
  const tls = serverTls(where, options);
  if (signal) checkSignal(signal);
  let opening: Coro<Server>;
  if (sock !== undefined) {
    const socks = checkSocks(where, sock, [host, port], settings);
    checkAbsent(where, options, OF_BINDING, 'sock');
    opening = serverOver(loop, where, protocolFactory, socks, options, settings, tls);
  } else {
    const hosts = hostList(host);
    checkPort(port);
    checkAddressOptions(options);
    opening = openServer(loop, protocolFactory, hosts, port as Port, options, settings, tls);
  }
  loop._checkClosed();
  const task = loop.createTask(opening);
  return making(signal ? abortable(loop, task, signal) : task, (server) => server.close());
}

/** @returns null when no TLS is asked for */
export function serverTls(where: string, options: ServerTlsOptions): ServerTls | null {
  const tls = acceptedTls(where, options);
  return tls === null ? null : new ServerTls(tls.context, tls.timeout);
}

function checkSocks(
  where: string,
  sock: Socket | readonly Socket[],
  address: readonly unknown[],
  settings: readonly TcpSetting[],
): readonly Socket[] {
  const all = Array.isArray(sock) ? (sock as readonly Socket[]) : [sock as Socket];
  if (all.length === 0) throw new RangeError(`${where}: sock: the list is empty`);
  for (const each of all) checkSock(where, each, address, settings);
  return all;
}

function hostList(host: Hosts): string[] | null {
  const hosts = Array.isArray(host) ? (host as readonly string[]) : [host as string | null];
  for (const one of hosts) checkHost(one);
  if (hosts.length === 0) throw new RangeError('host: the list is empty');
  return hosts.some((one) => one === null || one === undefined || one === '')
    ? null
    : (hosts as string[]);
}

/** @throws RangeError when it is given and not a positive integer */
export function checkBacklog(backlog: unknown): void {
  if (backlog === undefined) return;
  if (typeof backlog !== 'number' || !Number.isInteger(backlog) || backlog < 1) {
    throw new RangeError(`backlog must be a positive integer, not ${describe(backlog)}`);
  }
}

function* openServer(
  loop: EventLoop,
  protocolFactory: ProtocolFactory,
  hosts: string[] | null,
  port: Port,
  options: ServerOptions,
  settings: readonly TcpSetting[],
  tls: ServerTls | null,
): Coro<Server> {
  const endpoints: Endpoint[] = [];
  for (const host of hosts ?? everywhere(options)) {
    endpoints.push(...(yield* endpointsOf(loop, host, port, options)));
  }
  const listen = (layers: LayerMaker | null): Listener[] =>
    listenAll(loop, unique(endpoints), { ...listenOptions(options), layers });
  return served(loop, protocolFactory, options, settings, tls, listen);
}

function* serverOver(
  loop: EventLoop,
  where: string,
  protocolFactory: ProtocolFactory,
  socks: readonly Socket[],
  options: ServerOptions,
  settings: readonly TcpSetting[],
  tls: ServerTls | null,
): Coro<Server> {
  const { backlog = DEFAULT_BACKLOG } = options;
  const listen = (layers: LayerMaker | null): Listener[] =>
    listenOver(loop, socks, { flags: 0, backlog, where, layers });
  return served(loop, protocolFactory, options, settings, tls, listen);
}

function served(
  loop: EventLoop,
  protocolFactory: ProtocolFactory,
  options: ServerOptions,
  settings: readonly TcpSetting[],
  tls: ServerTls | null,
  listen: (layers: LayerMaker | null) => Listener[],
): Server {
  let listeners: Listener[] = [];
  try {
    listeners = listen(tls?.start(loop) ?? null);
    // Accepted connections inherit these settings.
    for (const { _handle, _generation } of listeners) {
      applyTcp(loop, _handle, _generation, settings);
    }
  } catch (error) {
    for (const listener of listeners) listener.close();
    tls?.close();
    throw error;
  }
  const server = new Server(loop, listeners, protocolFactory, tls);
  if (options.startServing ?? true) server._start();
  return server;
}

function everywhere({ family = 0 }: ServerOptions): string[] {
  if (family === 0) return ['0.0.0.0', '::'];
  return family === 4 ? ['0.0.0.0'] : ['::'];
}

function listenOptions(options: ServerOptions): ListenOptions {
  let flags = (options.reuseAddress ?? true) ? SOCKET_REUSE_ADDRESS : 0;
  if (options.reusePort) flags |= SOCKET_REUSE_PORT;
  if (options.ipv6Only ?? true) flags |= SOCKET_ONLY6;
  return { flags, backlog: options.backlog ?? DEFAULT_BACKLOG };
}
