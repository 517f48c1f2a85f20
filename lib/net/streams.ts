import { making } from '../tasks/making.ts';
import { CancelledError, isA, KeyboardInterrupt } from '../core/errors/errors.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
import { checkOptions } from '../core/support/options.ts';
import { loopWithNetwork } from './running-loop.ts';
import { Task } from '../core/task/task.ts';
import type { Coro, Coroutine } from '../core/support/types.ts';
import {
  CONNECTION_OPTIONS,
  type ConnectionOptions,
  createConnectionIn,
} from './create-connection.ts';
import { createServerIn, type Hosts, SERVER_OPTIONS, type ServerOptions } from './create-server.ts';
import type { Port } from '../io/names.ts';
import type { Server } from './server.ts';
import { StreamProtocol } from './stream-protocol.ts';
import { checkLimit, DEFAULT_LIMIT, StreamReader } from './stream-reader.ts';
import { StreamWriter } from './stream-writer.ts';
import { isSilence } from '../tls/errors.ts';
import { warnOfClient } from '../tls/server-tls.ts';
import type { Transport } from './transport.ts';

/**
 * The callback of `startServer` for each connection: a `function*` or an `async` function (run as a
 * task), or a plain function.
 */
export type ClientConnected = (
  reader: StreamReader,
  writer: StreamWriter,
) => Coro<unknown> | PromiseLike<unknown> | void;

/**
 * Connects to a TCP server; a future of `[reader, writer]`.
 *
 * @param host - a name or numeric address; null or '' for this machine
 * @param options - as for `createConnection`, and `limit` for the reader (1 MiB)
 * @throws an error with `code`, for example `ECONNREFUSED`; AbortError when `signal` aborts
 * @example
 * const [reader, writer] = yield* openConnection('127.0.0.1', 8888);
 * writer.write('hello\n');
 * const answer = yield* reader.readline();
 */
export function openConnection(
  host: string | null,
  port: Port | null,
  options: ConnectionOptions & { limit?: number } = {},
): Future<[StreamReader, StreamWriter]> {
  const loop = loopWithNetwork('openConnection()');
  checkOptions('openConnection()', options, ['limit', ...CONNECTION_OPTIONS]);
  const { limit = DEFAULT_LIMIT, ...others } = options;
  checkLimit(limit);
  const connecting = createConnectionIn(
    loop,
    () => new StreamProtocol(new StreamReader({ limit, loop })),
    host,
    port,
    others,
    'openConnection()',
  );
  // At once: a cancel before the first step would leave the connection to nobody.
  return streamsTaken(loop._startTask(streamsOf(connecting)));
}

/** Streams that their caller does not come to have are closed. */
export function streamsTaken(
  opening: Future<[StreamReader, StreamWriter]>,
): Future<[StreamReader, StreamWriter]> {
  return making(opening, ([, writer]) => writer.transport.abort());
}

/** The streams of a connection that is being established. */
export function* streamsOf(
  connecting: Future<[Transport, StreamProtocol]>,
): Coro<[StreamReader, StreamWriter]> {
  const [transport, protocol] = yield* connecting;
  return [protocol.reader, new StreamWriter(transport, protocol, protocol.reader)];
}

/**
 * Listens, and calls `clientConnected(reader, writer)` for each connection. An error that it throws
 * goes to the loop's exception handler and closes the connection. When it returns, the connection
 * stays open, so close the writer when you are done.
 *
 * @param host - a name, an address or a list of them; null or '' for every interface
 * @param port - null with `sock`; 0 for any free one, see `server.sockets`
 * @param options - as for `createServer`, and `limit` for the readers (1 MiB)
 * @example
 * const server = yield* startServer(function* (reader, writer) {
 *   for (let data; (data = yield* reader.read(65536)).length > 0;) {
 *     writer.write(data);
 *     yield* writer.drain();
 *   }
 *   writer.close();
 * }, '127.0.0.1', 8888);
 */
export function startServer(
  clientConnected: ClientConnected,
  host: Hosts,
  port: Port | null,
  options: ServerOptions & { limit?: number } = {},
): Future<Server> {
  checkClientConnected(clientConnected);
  const loop = loopWithNetwork('startServer()');
  checkOptions('startServer()', options, ['limit', ...SERVER_OPTIONS]);
  const { limit = DEFAULT_LIMIT, ...others } = options;
  checkLimit(limit);
  const factory = clientProtocols(loop, clientConnected, limit);
  return createServerIn(loop, factory, host, port, others, 'startServer()');
}

/** @throws TypeError when `clientConnected` is not a function */
export function checkClientConnected(clientConnected: unknown): void {
  if (typeof clientConnected === 'function') return;
  throw new TypeError(`clientConnected must be a function, not ${typeof clientConnected}`);
}

/** Creates the protocols of a server's connections, each of which calls `clientConnected`. */
export function clientProtocols(
  loop: EventLoop,
  clientConnected: ClientConnected,
  limit: number,
): () => StreamProtocol {
  const connected = (transport: Transport, protocol: StreamProtocol): void =>
    serveClient(loop, clientConnected, transport, protocol);
  return () => new StreamProtocol(new StreamReader({ limit, loop }), connected);
}

const GeneratorFunction = Object.getPrototypeOf(function* () {}).constructor as Function;
const AsyncFunction = Object.getPrototypeOf(async function () {}).constructor as Function;

function serveClient(
  loop: EventLoop,
  clientConnected: ClientConnected,
  transport: Transport,
  protocol: StreamProtocol,
): void {
  const { reader } = protocol;
  const writer = new StreamWriter(transport, protocol, reader);
  let coroutine: unknown;
  if (clientConnected instanceof AsyncFunction) {
    // The task itself calls it, so that awaits find their task. A bound function is still async.
    coroutine = clientConnected.bind(undefined, reader, writer);
  } else {
    try {
      coroutine = clientConnected(reader, writer);
    } catch (exception) {
      if (isA(exception, KeyboardInterrupt)) throw exception;
      clientFailed(loop, transport, exception);
      return;
    }
    if (!givesCoroutine(clientConnected, coroutine)) return;
  }
  const task = loop.createTask(coroutine as Coroutine<unknown>);
  // A factory of tasks may have run it to its end at once.
  if (task.done()) clientDone(loop, transport, task);
  else task._addWaiter({ _wake: () => clientDone(loop, transport, task) });
}

function givesCoroutine(clientConnected: ClientConnected, result: unknown): boolean {
  return (
    clientConnected instanceof GeneratorFunction ||
    (typeof result === 'object' &&
      result !== null &&
      ('then' in result || Symbol.iterator in result))
  );
}

/** Called inside the call that ends the task. */
function clientDone(loop: EventLoop, transport: Transport, task: Task<unknown>): void {
  if (task.cancelled()) {
    transport.close();
    return;
  }
  const exception = task.exception();
  if (exception !== null) clientFailed(loop, transport, exception, task);
}

function clientFailed(
  loop: EventLoop,
  transport: Transport,
  exception: unknown,
  task?: Task<unknown>,
): void {
  transport.close();
  if (isA(exception, CancelledError)) return;
  if (isSilence(exception)) {
    if (loop.getDebug()) warnOfClient(exception as Error);
    return;
  }
  const context = { message: 'Unhandled exception in clientConnected', exception, transport };
  loop.callExceptionHandler(task === undefined ? context : { ...context, task });
}
