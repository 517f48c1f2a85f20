import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
import { checkSignal } from '../core/support/abort-listeners.ts';
import { checkOptions } from '../core/support/options.ts';
import type { Socket } from '../io/socket.ts';
import { abortable } from '../tasks/abort.ts';
import { checkSock } from './adopt-socket.ts';
import { connectOver, taken } from './create-connection.ts';
import { type AnyProtocol, checkFactory, type ProtocolFactory } from './protocol.ts';
import { acceptedTls, SERVER_TLS_OPTIONS, type ServerTlsOptions } from './tls-options.ts';
import type { Transport } from './transport.ts';

/** Options of `connectAcceptedSocket`. */
export interface AcceptedOptions extends ServerTlsOptions {
  /** Aborting it ends the attempt with an AbortError, and closes the connection. */
  signal?: AbortSignal;
}

const OPTIONS: readonly string[] = ['signal', ...SERVER_TLS_OPTIONS];

/** Implements `loop.connectAcceptedSocket`. */
export function connectAcceptedSocketIn<P extends AnyProtocol>(
  loop: EventLoop,
  protocolFactory: ProtocolFactory<P>,
  sock: Socket,
  options: AcceptedOptions = {},
): Future<[Transport, P]> {
  const where = 'connectAcceptedSocket()';
  checkFactory(protocolFactory);
  checkOptions(where, options, OPTIONS);
  const { signal } = options;
  const tls = acceptedTls(where, options);
  if (signal) checkSignal(signal);
  checkSock(where, sock, [], []);
  loop._checkClosed();
  const task = loop.createTask(connectOver(loop, where, sock, protocolFactory, [], tls));
  return taken(signal ? abortable(loop, task, signal) : task);
}
