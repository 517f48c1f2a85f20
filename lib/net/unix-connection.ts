import type { SystemError } from '../core/errors/errno.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
import { checkSignal } from '../core/support/abort-listeners.ts';
import { checkOptions } from '../core/support/options.ts';
import type { Coro } from '../core/support/types.ts';
import type { Socket } from '../io/socket.ts';
import { type Connected, ConnectRace } from '../io/connect-race.ts';
import { PORT_UNIX } from '../native/layout.ts';
import { sleep } from '../tasks/sleep.ts';
import { abortable } from '../tasks/abort.ts';
import { checkUnixSock } from './adopt-socket.ts';
import { connectOver, transportOn, taken } from './create-connection.ts';
import { type AnyProtocol, checkFactory, type ProtocolFactory } from './protocol.ts';
import {
  CLIENT_TLS_OPTIONS,
  clientTls,
  type ClientTlsOptions,
  type ConnectionTls,
} from './tls-options.ts';
import type { Transport } from './transport.ts';
import { checkPath, explained } from './unix-path.ts';

/** Options of `createUnixConnection`. */
export interface UnixConnectionOptions extends ClientTlsOptions {
  /**
   * A connected socket to take over; path must then be null. The transport owns it as soon as it
   * exists.
   */
  sock?: Socket;
  /** Aborting it ends the attempt with an AbortError. */
  signal?: AbortSignal;
}

/** The names of {@link UnixConnectionOptions}. */
export const UNIX_CONNECTION_OPTIONS: readonly string[] = ['sock', 'signal', ...CLIENT_TLS_OPTIONS];

/** Seconds between attempts while the server's backlog is full: at first, and at most. */
const RETRY_FIRST = 0.001;
const RETRY_LAST = 0.05;

/** Implements `loop.createUnixConnection`. */
export function createUnixConnectionIn<P extends AnyProtocol>(
  loop: EventLoop,
  protocolFactory: ProtocolFactory<P>,
  path: string | null,
  options: UnixConnectionOptions = {},
  where = 'createUnixConnection()',
): Future<[Transport, P]> {
  checkFactory(protocolFactory);
  checkOptions(where, options, UNIX_CONNECTION_OPTIONS);
  const { sock, signal } = options;
  if (sock === undefined) checkPath(where, path);
  else checkUnixSock(where, sock, path);
  if (signal) checkSignal(signal);
  const tls = clientTls(where, options);
  checkServername(where, tls);
  loop._checkClosed();
  const connecting =
    sock === undefined
      ? connectTo(loop, protocolFactory, path as string, tls)
      : connectOver(loop, where, sock, protocolFactory, [], tls);
  const task = loop.createTask(connecting);
  return taken(signal ? abortable(loop, task, signal) : task);
}

function* connectTo<P extends AnyProtocol>(
  loop: EventLoop,
  protocolFactory: ProtocolFactory<P>,
  path: string,
  tls: ConnectionTls | null,
): Coro<[Transport, P]> {
  const winner = yield* connected(loop, path);
  const host = tls?.servername ?? '';
  return yield* transportOn(loop, winner, protocolFactory, { tls, host, port: PORT_UNIX });
}

/** The name must be given: a certificate cannot be for a path. */
function checkServername(where: string, tls: ConnectionTls | null): void {
  if (tls === null || tls.servername !== null) return;
  throw new TypeError(`${where}: tls needs servername, the name in the certificate ('' for any)`);
}

/**
 * A blocking connect() would wait while the server's backlog is full. A non-blocking one fails with
 * EAGAIN (Linux), and no event reports when there is room, so it is retried.
 */
function* connected(loop: EventLoop, path: string): Coro<Connected> {
  for (let delay = RETRY_FIRST; ; delay = Math.min(delay * 2, RETRY_LAST)) {
    const endpoint = { address: path, port: PORT_UNIX, family: 4 as const };
    const race = new ConnectRace(loop, [endpoint], { delay: null });
    try {
      yield* race.winner;
      return race.take();
    } catch (error) {
      if ((error as SystemError | null)?.code !== 'EAGAIN') throw explained(error, path);
    } finally {
      race.stop();
    }
    yield* sleep(delay);
  }
}
