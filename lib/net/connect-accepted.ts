import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
import { checkSignal } from '../core/support/abort-listeners.ts';
import { checkOptions } from '../core/support/options.ts';
import type { Socket } from '../io/socket.ts';
import { abortable, SIGNAL, type SignalOptions } from '../tasks/abort.ts';
import { checkSock } from './adopt-socket.ts';
import { connectOver } from './create-connection.ts';
import { type AnyProtocol, checkFactory, type ProtocolFactory } from './protocol.ts';
import type { Transport } from './transport.ts';

/** `loop.connectAcceptedSocket`: see there. */
export function connectAcceptedSocketIn<P extends AnyProtocol>(
  loop: EventLoop,
  protocolFactory: ProtocolFactory<P>,
  sock: Socket,
  options: SignalOptions = {},
): Future<[Transport, P]> {
  const where = 'connectAcceptedSocket()';
  checkFactory(protocolFactory);
  checkOptions(where, options, SIGNAL);
  const { signal } = options;
  if (signal) checkSignal(signal);
  checkSock(where, sock, [], []);
  loop._checkClosed();
  const task = loop.createTask(connectOver(loop, where, sock, protocolFactory, [], null));
  return signal ? abortable(loop, task, signal) : task;
}
