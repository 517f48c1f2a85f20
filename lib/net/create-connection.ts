import { making } from '../tasks/making.ts';
import type { Duration } from '../core/support/duration.ts';
import { toTimeout } from '../core/support/duration.ts';
import { ExceptionGroup } from '../core/errors/exception-group.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import { Future } from '../core/future/future.ts';
import { checkSignal } from '../core/support/abort-listeners.ts';
import { describe } from '../core/support/describe.ts';
import { checkAbsent, checkFlags, checkOptions } from '../core/support/options.ts';
import type { Coro } from '../core/support/types.ts';
import type { Runnable } from '../native/rings.ts';
import { abortable } from '../tasks/abort.ts';
import { ConnectRace, type Connected, interleaved, NEXT_AFTER } from '../io/connect-race.ts';
import { discard } from '../io/native-stream.ts';
import { type AnyProtocol, checkFactory, checkProtocol, type ProtocolFactory } from './protocol.ts';
import {
  ADDRESS_OPTIONS,
  checkAddressOptions,
  checkHost,
  checkPort,
  endpointsOf,
  type AddressOptions,
  type Endpoint,
  type Port,
} from '../io/names.ts';
import { handshakeFirst } from '../tls/first-handshake.ts';
import type { HandshakeOptions } from '../tls/handshake.ts';
import {
  CLIENT_TLS_OPTIONS,
  clientTls,
  type ClientTlsOptions,
  type ConnectionTls,
} from './tls-options.ts';
import type { Socket } from '../io/socket.ts';
import {
  applyTcp,
  TCP_OPTIONS,
  type TcpOptions,
  type TcpSetting,
  tcpSettings,
} from '../io/tcp-options.ts';
import { adoptSocket, checkSock } from './adopt-socket.ts';
import { OPENING } from './flags.ts';
import { Transport } from './transport.ts';

/** Options of `createConnection`. */
export interface ConnectionOptions extends AddressOptions, TcpOptions, ClientTlsOptions {
  /** The local address, `[host, port]`; port 0 for any. Default: the system chooses. */
  localAddr?: readonly [host: string, port: Port];
  /**
   * How long an attempt may take before the next address is tried in parallel, as in Happy Eyeballs
   * (RFC 8305); default 250 ms. Null: the next one is tried only when the last has failed.
   */
  happyEyeballsDelay?: Duration | null;
  /**
   * How many addresses of the first family are tried before the families alternate; default 1, or,
   * with `happyEyeballsDelay: null`, 0: the order of the resolver.
   */
  interleave?: number;
  /** Fail with an ExceptionGroup of every attempt's error; default false. */
  allErrors?: boolean;
  /**
   * A connected socket to take over; host and port must then be null. The transport owns it as soon
   * as it exists.
   */
  sock?: Socket;
  /** Aborting it ends the attempt with an AbortError. */
  signal?: AbortSignal;
}

/** The names of {@link ConnectionOptions}. */
export const CONNECTION_OPTIONS: readonly string[] = [
  ...ADDRESS_OPTIONS,
  ...TCP_OPTIONS,
  'localAddr',
  'happyEyeballsDelay',
  'interleave',
  'allErrors',
  'sock',
  'signal',
  ...CLIENT_TLS_OPTIONS,
];

/** The options that concern finding and connecting to an address. */
const OF_ATTEMPTS: readonly string[] = [
  ...ADDRESS_OPTIONS,
  'localAddr',
  'happyEyeballsDelay',
  'interleave',
  'allErrors',
];

/** Implements `loop.createConnection`. */
export function createConnectionIn<P extends AnyProtocol>(
  loop: EventLoop,
  protocolFactory: ProtocolFactory<P>,
  host: string | null,
  port: Port | null,
  options: ConnectionOptions = {},
  where = 'createConnection()',
): Future<[Transport, P]> {
  checkFactory(protocolFactory);
  checkOptions(where, options, CONNECTION_OPTIONS);
  checkFlags(where, options, ['allErrors']);
  const { sock, signal } = options;
  const settings = tcpSettings(where, options);
  const tls = clientTls(where, options);
  if (signal) checkSignal(signal);
  if (sock !== undefined) {
    checkSock(where, sock, [host, port], settings);
    checkAbsent(where, options, OF_ATTEMPTS, 'sock');
    if (tls !== null && tls.servername === null) {
      throw new TypeError(`${where}: with tls and sock, servername is needed ('' for any)`);
    }
    loop._checkClosed();
    const opening = loop.createTask(connectOver(loop, where, sock, protocolFactory, settings, tls));
    return taken(signal ? abortable(loop, opening, signal) : opening);
  }
  checkHost(host);
  checkPort(port);
  checkAddressOptions(options);
  if (options.localAddr !== undefined) checkLocal(options.localAddr);
  checkInterleave(options.interleave);
  toTimeout(options.happyEyeballsDelay, 'happyEyeballsDelay');
  loop._checkClosed();
  const name = host || 'localhost';
  const task = loop.createTask(
    connectTo(loop, protocolFactory, name, port as Port, options, settings, tls),
  );
  return taken(signal ? abortable(loop, task, signal) : task);
}

/** A connection that its caller does not come to have is closed. */
export function taken<R extends [Transport, unknown]>(connecting: Future<R>): Future<R> {
  return making(connecting, ([transport]) => transport.abort());
}

function checkInterleave(interleave: unknown): void {
  if (interleave === undefined) return;
  if (Number.isInteger(interleave) && (interleave as number) >= 0) return;
  throw new RangeError(`interleave must be an integer from 0, not ${describe(interleave)}`);
}

function checkLocal(localAddr: unknown): void {
  if (!Array.isArray(localAddr) || localAddr.length !== 2) {
    throw new TypeError('localAddr must be [host, port]');
  }
  checkHost(localAddr[0], 'localAddr[0]');
  checkPort(localAddr[1], 'localAddr[1]');
}

function* connectTo<P extends AnyProtocol>(
  loop: EventLoop,
  protocolFactory: ProtocolFactory<P>,
  host: string,
  port: Port,
  options: ConnectionOptions,
  settings: readonly TcpSetting[],
  tls: ConnectionTls | null,
): Coro<[Transport, P]> {
  const { happyEyeballsDelay = NEXT_AFTER } = options;
  const delay = toTimeout(happyEyeballsDelay, 'happyEyeballsDelay');
  const endpoints = yield* endpointsOf(loop, host, port, options);
  const locals =
    options.localAddr === undefined
      ? null
      : yield* endpointsOf(loop, ...options.localAddr, options);
  const ordered = interleaved(endpoints, options.interleave ?? (delay === null ? 0 : 1));
  const winner = yield* race(loop, ordered, locals, delay, options);
  return yield* transportOn(loop, winner, protocolFactory, { tls, host, port, settings });
}

/** The peer of a connection, and the TLS options for it; null for no TLS. */
export interface Peer {
  tls: ConnectionTls | null;
  host: string;
  port: Port;
  /** Options set on the socket; default: none. */
  settings?: readonly TcpSetting[];
  /** Bytes received on it before. */
  unread?: readonly Buffer[];
}

/** Does the TLS handshake, if any, and creates protocol and transport for a connected handle. */
export function* transportOn<P extends AnyProtocol>(
  loop: EventLoop,
  { handle, generation }: Pick<Connected, 'handle' | 'generation'>,
  protocolFactory: ProtocolFactory<P>,
  { tls, host, port, settings = [], unread = [] }: Peer,
): Coro<[Transport, P]> {
  const security =
    tls === null
      ? null
      : yield* handshakeFirst(loop, handle, generation, handshakeOptions(tls, host, port), unread);
  let transport: Transport;
  let protocol: P;
  try {
    applyTcp(loop, handle, generation, settings);
    protocol = protocolFactory();
    transport = new Transport(loop, handle, generation, protocol, null);
    transport._security = security;
    // With TLS these bytes went to the handshake.
    if (tls === null) for (const data of [...unread].reverse()) transport._holdFirst(data);
  } catch (error) {
    discard(loop, handle, generation);
    throw error;
  }
  return yield* opened(loop, transport, protocol);
}

function handshakeOptions(
  { context, side, servername, timeout }: ConnectionTls,
  host: string,
  port: Port,
): Omit<HandshakeOptions, 'owner'> {
  return {
    context,
    side,
    ...(side === 'server' ? {} : { host: servername ?? host, port }),
    ...(timeout === undefined ? {} : { timeout }),
  };
}

/**
 * A transport for a socket that is already connected. An error before the socket is taken over
 * leaves it unchanged.
 */
export function* connectOver<P extends AnyProtocol>(
  loop: EventLoop,
  where: string,
  sock: Socket,
  protocolFactory: ProtocolFactory<P>,
  settings: readonly TcpSetting[],
  tls: ConnectionTls | null,
): Coro<[Transport, P]> {
  let make = protocolFactory;
  if (tls === null) {
    const protocol = protocolFactory();
    checkProtocol(protocol);
    make = () => protocol;
  }
  const tcp = sock.family !== 'unix';
  const { unread, ...adopted } = adoptSocket(loop, where, sock);
  const all = tcp ? [NO_DELAY, ...settings] : [];
  return yield* transportOn(loop, adopted, make, { tls, host: '', port: 0, settings: all, unread });
}

/** Sends small writes at once, as every connection made here does. */
const NO_DELAY: TcpSetting = ['noDelay', 1];

function* race(
  loop: EventLoop,
  endpoints: Endpoint[],
  locals: Endpoint[] | null,
  delay: number | null,
  options: ConnectionOptions,
): Coro<Connected> {
  const contest = new ConnectRace(loop, endpoints, { delay, locals });
  try {
    yield* contest.winner;
    return contest.take();
  } catch (error) {
    if (contest.winner.cancelled() || contest.errors.length === 0) throw error;
    throw combined(contest.errors, options.allErrors ?? false);
  } finally {
    contest.stop();
  }
}

/** Signals that connectionMade has been called: it is queued behind that in the ready queue. */
export class Made implements Runnable {
  readonly #future: Future<void>;

  constructor(future: Future<void>) {
    this.#future = future;
  }

  _run(): void {
    if (!this.#future.done()) this.#future.setResult(undefined);
  }
}

/** Turns that a connection takes to reach its caller, in the async lane and with a signal. */
const TURNS_TO_CALLER = 2;

/** Lets a transport read once the caller has had a turn with it. */
class Opened implements Runnable {
  readonly #transport: Transport;
  #turns = TURNS_TO_CALLER;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  _run(): void {
    this.#turns--;
    if (this.#turns === 0) this.#transport._opened();
    else this.#transport._rings.enqueue(this);
  }
}

/**
 * Opens a transport and returns it after `connectionMade`. Nothing is received before the caller
 * has it and could choose another protocol, as in asyncio, in both lanes; except with TLS.
 */
export function* opened<P extends AnyProtocol>(
  loop: EventLoop,
  transport: Transport,
  protocol: P,
): Coro<[Transport, P]> {
  const made = new Future<void>({ loop });
  // With TLS it has to read at once: an alert of the peer may be the next thing that arrives.
  if (transport._security === null) transport._flags |= OPENING;
  transport._open();
  loop._rings.enqueue(new Made(made));
  try {
    yield* made;
  } catch (error) {
    transport.abort();
    throw error;
  }
  if (transport._error !== null) throw transport._error;
  if ((transport._flags & OPENING) !== 0) loop._rings.enqueue(new Opened(transport));
  else if (transport._held !== null) loop._rings.enqueue(transport);
  return [transport, protocol];
}

/** One error for all attempts, with the code of the first. */
function combined(errors: Error[], all: boolean): Error {
  if (all) return new ExceptionGroup('createConnection failed', errors);
  const first = errors[0]!;
  if (errors.every((error) => error.message === first.message)) return first;
  const messages = errors.map((error) => error.message).join(', ');
  const { code, errno, syscall } = first as NodeJS.ErrnoException;
  return Object.assign(new Error(`Multiple exceptions: ${messages}`), {
    code,
    errno,
    syscall,
    errors,
  });
}
