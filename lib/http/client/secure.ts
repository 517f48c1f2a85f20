/** TLS of a client: contexts for `tls` options, and handshakes. */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Future } from '../../core/future/future.ts';
import type { Coro } from '../../core/support/types.ts';
import type { Connected } from '../../io/connect-race.ts';
import { discard } from '../../io/native-stream.ts';
import { type TlsContext, tlsContextOf } from '../../tls/context.ts';
import { handshakeFirst } from '../../tls/first-handshake.ts';
import type { Secured } from '../../tls/secured.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { ClientConnectorCertificateError, ClientConnectorError, ClientSSLError } from './errors.ts';
import type { RequestLimits } from './request-limits.ts';
import type { RequestTarget } from './request-target.ts';

const contexts: WeakMap<object, TlsContext> = new WeakMap();

/**
 * The context for a `tls` option; the default one for undefined. An object of options is converted
 * once, so that requests with the same object share their connections.
 * @throws TypeError, RangeError for invalid options
 */
export function clientContext(where: string, tls: unknown): TlsContext {
  if (tls === false || tls === null) {
    throw new TypeError(`${where}: tls must be true, options or a TlsContext; http: has none`);
  }
  const given = tls ?? true;
  if (typeof given !== 'object') return tlsContextOf(where, given, 'client')!;
  let context = contexts.get(given);
  if (context === undefined) {
    context = tlsContextOf(where, given, 'client')!;
    contexts.set(given, context);
  }
  return context;
}

/**
 * The handshake on a new connection; if it fails or is ended, the connection is closed.
 * @param below - for TLS within TLS: the outer TLS of the connection
 * @throws ClientConnectorError, or the reason why it was ended
 */
export function* secure(
  { loop, pool, limits }: { loop: EventLoop; pool: ConnectionPool; limits: RequestLimits },
  { hostname: host, port }: RequestTarget,
  { handle, generation }: Connected,
  context: TlsContext,
  below: Secured | null = null,
): Coro<Secured> {
  const shaking = loop.createTask(
    handshakeFirst(loop, handle, generation, { context, side: 'client', host, port, below }),
  );
  let taken = false;
  try {
    yield* limits.under(pool.racing(making(loop, shaking)));
    const secured = resultOf(shaking, host, port);
    const alpn = secured.extraInfo('alpnProtocol') ?? 'http/1.1';
    if (alpn !== 'http/1.1') {
      throw new ClientSSLError(host, port, new Error(`the server speaks ${String(alpn)}`));
    }
    taken = true;
    return secured;
  } finally {
    if (!taken && !shaking.cancel() && !shaking.cancelled() && shaking.exception() === null) {
      discard(loop, handle, generation);
    }
  }
}

/** A future that completes with the task, or fails when the session is closed before. */
function making(
  loop: EventLoop,
  task: Future<unknown>,
): { winner: Future<unknown>; fail(error: Error): void } {
  const winner = loop.createFuture<unknown>();
  task.addDoneCallback(() => {
    // Marks the error as seen: if a limit passes in the same turn, nobody else reads it.
    if (!task.cancelled()) task.exception();
    if (!winner.done()) winner.setResult(undefined);
  });
  const fail = (error: Error): void => {
    if (!winner.done()) winner.setException(error);
  };
  return { winner, fail };
}

function resultOf(task: Future<Secured>, host: string, port: number): Secured {
  try {
    return task.result();
  } catch (error) {
    throw sslError(host, port, error as NodeJS.ErrnoException);
  }
}

/** Converts an error of a handshake by its cause: the system, the certificate, or TLS itself. */
function sslError(host: string, port: number, cause: NodeJS.ErrnoException): Error {
  if (cause.syscall !== undefined) return new ClientConnectorError(host, port, cause);
  const ofCertificate = !/^ERR_(?:SSL|TLS_HANDSHAKE)_|^ECONNRESET$/.test(cause.code ?? 'ERR_SSL_');
  const Kind = ofCertificate ? ClientConnectorCertificateError : ClientSSLError;
  return new Kind(host, port, cause);
}
