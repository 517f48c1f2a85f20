import { making } from '../tasks/making.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
import { describe } from '../core/support/describe.ts';
import { checkSignal } from '../core/support/abort-listeners.ts';
import { checkAbsent, checkFlags, checkOptions } from '../core/support/options.ts';
import type { Coro } from '../core/support/types.ts';
import { Listener } from '../io/listener.ts';
import type { Socket } from '../io/socket.ts';
import { SOCKET_MODE_SHIFT } from '../native/layout.ts';
import { abortable } from '../tasks/abort.ts';
import type { ServerTls } from '../tls/server-tls.ts';
import { checkUnixSock } from './adopt-socket.ts';
import { checkBacklog, DEFAULT_BACKLOG, serverTls } from './create-server.ts';
import { checkFactory, type ProtocolFactory } from './protocol.ts';
import { Server } from './server.ts';
import { SERVER_TLS_OPTIONS, type ServerTlsOptions } from './tls-options.ts';
import { unixListener } from './unix-listener.ts';
import { checkPath, isAbstract, removerOf } from './unix-path.ts';

/** Options of `createUnixServer`. */
export interface UnixServerOptions extends ServerTlsOptions {
  /** How many connections the kernel queues until they are accepted; default 4096. */
  backlog?: number;
  /**
   * The mode of the socket's file, which decides who may connect: `0o660`, for example; default:
   * `0o777` without the bits of the process's umask.
   */
  mode?: number;
  /**
   * Remove the socket's file when the server closes, unless another file has replaced it by then;
   * default true.
   */
  cleanupSocket?: boolean;
  /** Start to accept at once; default true. If false, `server.startServing()` starts it. */
  startServing?: boolean;
  /**
   * A socket that is already bound (it need not listen yet); path must then be null. The server
   * owns it and its file from then on.
   */
  sock?: Socket;
  /** Aborting it ends the attempt with an AbortError; it has no effect on a running server. */
  signal?: AbortSignal;
}

const FLAGS = ['cleanupSocket', 'startServing'];
/** The names of {@link UnixServerOptions}. */
export const UNIX_SERVER_OPTIONS: readonly string[] = [
  'backlog',
  'mode',
  ...SERVER_TLS_OPTIONS,
  'sock',
  'signal',
  ...FLAGS,
];

/** Implements `loop.createUnixServer`. */
export function createUnixServerIn(
  loop: EventLoop,
  protocolFactory: ProtocolFactory,
  path: string | null,
  options: UnixServerOptions = {},
  where = 'createUnixServer()',
): Future<Server> {
  checkFactory(protocolFactory);
  checkOptions(where, options, UNIX_SERVER_OPTIONS);
  checkFlags(where, options, FLAGS);
  const { sock, signal } = options;
  let place: string | Socket;
  if (sock === undefined) {
    checkPath(where, path);
    checkMode(where, options.mode, path);
    place = path;
  } else {
    checkUnixSock(where, sock, path);
    checkAbsent(where, options, ['mode'], 'sock');
    place = sock;
  }
  checkBacklog(options.backlog);
  if (signal) checkSignal(signal);
  const tls = serverTls(where, options);
  loop._checkClosed();
  const task = loop.createTask(openServer(loop, where, protocolFactory, place, options, tls));
  return making(signal ? abortable(loop, task, signal) : task, (server) => server.close());
}

function checkMode(where: string, mode: unknown, path: string): void {
  if (mode === undefined) return;
  if (!Number.isInteger(mode) || (mode as number) < 1 || (mode as number) > 0o777) {
    throw new RangeError(`${where}: mode must be from 0o1 to 0o777, not ${describe(mode)}`);
  }
  if (isAbstract(path)) {
    throw new RangeError(`${where}: an abstract name has no file, so it has no mode`);
  }
}

function* openServer(
  loop: EventLoop,
  where: string,
  protocolFactory: ProtocolFactory,
  place: string | Socket,
  options: UnixServerOptions,
  tls: ServerTls | null,
): Coro<Server> {
  const listener = listenerOn(loop, where, place, options, tls);
  const server = new Server(loop, [listener], protocolFactory, tls);
  if (options.startServing ?? true) server._start();
  return server;
}

function listenerOn(
  loop: EventLoop,
  where: string,
  place: string | Socket,
  options: UnixServerOptions,
  tls: ServerTls | null,
): Listener {
  const { backlog = DEFAULT_BACKLOG, mode = 0, cleanupSocket = true } = options;
  let remove = (): void => {};
  const closing = (): void => remove();
  let listener: Listener;
  try {
    const layers = tls?.start(loop) ?? null;
    const flags = mode << SOCKET_MODE_SHIFT;
    const how = { flags, backlog, closing, layers, where };
    listener =
      typeof place === 'string' ? unixListener(loop, place, how) : new Listener(loop, place, how);
  } catch (error) {
    tls?.close();
    throw error;
  }
  const path = listener.address;
  if (cleanupSocket && path !== '' && !isAbstract(path)) remove = removerOf(path);
  return listener;
}
