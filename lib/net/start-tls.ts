/**
 * TLS on a connection that stands. Everything received and not yet taken goes to the handshake, so
 * that nothing that came in clear can be taken for what came under TLS; what was written before
 * leaves in clear, in order, and what is written from now on waits for the end of the handshake.
 */
import { making } from '../tasks/making.ts';
import { CancelledError, isA, RuntimeError } from '../core/errors/errors.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import { Future } from '../core/future/future.ts';
import { describe } from '../core/support/describe.ts';
import type { Duration } from '../core/support/duration.ts';
import { checkFlags, checkOptions } from '../core/support/options.ts';
import type { Coro } from '../core/support/types.ts';
import { DEFAULT_WATERMARKS } from '../io/native-stream.ts';
import type { Runnable } from '../native/rings.ts';
import { type Tls, tlsContextOf } from '../tls/context.ts';
import { disconnectedError } from '../tls/errors.ts';
import { Handshake, type HandshakeOptions } from '../tls/handshake.ts';
import type { Secured } from '../tls/secured.ts';
import { checkDriven } from '../tls/use-node-tls.ts';
import { CLOSING, ENDED, EOF_SENT, HOLDING, LOST, MADE, SENDING_FILE, UPGRADING } from './flags.ts';
import { type AnyProtocol, checkProtocol, Protocol } from './protocol.ts';
import { checkHandshakeTimeout, checkServername } from './tls-options.ts';
import { Transport, type WritesLater } from './transport.ts';

/** What `startTls` takes. */
export interface StartTlsOptions {
  /** Whether we are the server; default false (of a writer: whether the connection came to us). */
  serverSide?: boolean;
  /**
   * Client: the name that the certificate must have, '' for any. It must be given, unless the
   * context has one.
   */
  servername?: string;
  /** How long the handshake may take; default: what the context says, 60 s. */
  handshakeTimeout?: Duration;
}

const OPTIONS = ['serverSide', 'servername', 'handshakeTimeout'];

/**
 * Takes the place of the protocol until the handshake is through. When that fails, the protocol
 * that has seen the beginning also sees the end.
 */
class Upgrading extends Protocol implements WritesLater {
  readonly #before: AnyProtocol;
  readonly #later: (Buffer | null)[] = [];
  #size = 0;
  #full = false;
  #empty: Future<void> | null = null;

  constructor(before: AnyProtocol) {
    super();
    this.#before = before;
  }

  /** Waits until nothing is unsent. */
  *sent(transport: Transport, loop: EventLoop): Coro<void> {
    const limits = transport._watermarks;
    this.#empty = new Future<void>({ loop });
    transport.setWriteBufferLimits({ high: 0 });
    yield* this.#empty;
    transport._watermarks = limits;
  }

  /** Takes what is written meanwhile, as long as that is not too much. */
  _writeLater(data: Buffer | null): void {
    if (this.#later.at(-1) === null) throw new RuntimeError('Cannot call write() after writeEof()');
    this.#later.push(data);
    this.#size += data?.length ?? 0;
    if (this.#full || this.#size <= DEFAULT_WATERMARKS.high) return;
    this.#full = true;
    this.#before.pauseWriting();
  }

  /** Writes it, for the protocol that is now the transport's. */
  writeNow(transport: Transport): void {
    if (this.#full) transport.getProtocol().resumeWriting();
    for (const data of this.#later) {
      if (data === null) transport.writeEof();
      else transport.write(data);
    }
  }

  override eofReceived(): boolean {
    return true;
  }

  override pauseWriting(): void {
    this.#before.pauseWriting();
  }

  override resumeWriting(): void {
    this.#before.resumeWriting();
    if (this.#empty !== null && !this.#empty.done()) this.#empty.setResult(undefined);
  }

  override connectionLost(error: unknown): void {
    if (this.#empty !== null && !this.#empty.done()) {
      this.#empty.setException(error ?? disconnectedError('client'));
    }
    this.#before.connectionLost(error);
  }
}

/** From the ready queue, behind all events of the connection so far. */
class Behind implements Runnable {
  readonly #future: Future<void>;

  constructor(future: Future<void>) {
    this.#future = future;
  }

  _run(): void {
    if (!this.#future.done()) this.#future.setResult(undefined);
  }
}

/** Who calls, for `startTlsIn`. */
export interface StartTlsCaller {
  /** For messages. */
  where: string;
  /** When it is not said. */
  serverSide: boolean;
  /** Takes what the protocol has received and nobody has looked at. */
  buffered: () => Buffer | null;
}

const LOOP: StartTlsCaller = { where: 'startTls()', serverSide: false, buffered: () => null };

/** `loop.startTls`: see there. */
export function startTlsIn(
  loop: EventLoop,
  transport: Transport,
  protocol: AnyProtocol,
  tls: Tls,
  options: StartTlsOptions = {},
  caller: StartTlsCaller = LOOP,
): Future<Transport> {
  const { where, buffered } = caller;
  if (!(transport instanceof Transport)) {
    throw new TypeError(`${where}: transport must be a Transport, not ${describe(transport)}`);
  }
  checkProtocol(protocol);
  checkOptions(where, options, OPTIONS);
  checkFlags(where, options, ['serverSide']);
  const side = (options.serverSide ?? caller.serverSide) ? 'server' : 'client';
  const context = tlsContextOf(where, tls, side);
  if (context === null) throw new TypeError(`${where}: tls must not be ${describe(tls)}`);
  const servername = checkServername(where, options.servername);
  const timeout = checkHandshakeTimeout(where, options.handshakeTimeout);
  const host = context._settings.servername ?? servername;
  if (side === 'server' && servername !== null) {
    throw new TypeError(`${where}: servername is for a client, and this is a server`);
  }
  if (side === 'client' && host === null) {
    throw new TypeError(
      `${where}: servername is missing: the name that the certificate must have ('' for any)`,
    );
  }
  checkState(where, transport);
  checkDriven(loop);
  const upgrading = new Upgrading(transport.getProtocol());
  transport.pauseReading();
  transport.setProtocol(upgrading);
  transport._flags |= UPGRADING;
  // At once: a cancel before the first step would leave the transport to nobody.
  const starting = loop._startTask(
    upgrade(loop, transport, protocol, upgrading, buffered, {
      context,
      side,
      host: host ?? '',
      owner: transport,
      below: transport._security as Secured | null,
      ...(timeout === undefined ? {} : { timeout }),
    }),
  );
  return making(starting, (secured) => secured.abort());
}

function checkState(where: string, transport: Transport): void {
  const flags = transport._flags;
  if ((flags & (CLOSING | LOST)) !== 0) {
    throw new RuntimeError(`${where}: the transport is closing or closed`);
  }
  if ((flags & (ENDED | EOF_SENT)) !== 0) {
    throw new RuntimeError(`${where}: one direction of the transport has ended`);
  }
  if ((flags & UPGRADING) !== 0) {
    throw new RuntimeError(`${where}: a handshake is under way on this transport`);
  }
  if ((flags & SENDING_FILE) !== 0) {
    throw new RuntimeError(`${where}: sendfile is in progress on this transport`);
  }
  if ((flags & MADE) === 0) {
    throw new RuntimeError(`${where}: the connection is not made yet`);
  }
}

function* upgrade(
  loop: EventLoop,
  transport: Transport,
  protocol: AnyProtocol,
  upgrading: Upgrading,
  buffered: () => Buffer | null,
  options: HandshakeOptions,
): Coro<Transport> {
  try {
    if (transport._outbox !== null) yield* upgrading.sent(transport, loop);
    const secured = yield* shakeHands(loop, transport, buffered, options);
    transport._security = secured;
    transport._extra = null;
  } catch (error) {
    if (isA(error, CancelledError)) transport.abort();
    else transport._forceClose(error);
    throw error;
  }
  transport._flags &= ~UPGRADING;
  transport.setProtocol(protocol);
  upgrading.writeNow(transport);
  transport.resumeReading();
  return transport;
}

function* shakeHands(
  loop: EventLoop,
  transport: Transport,
  buffered: () => Buffer | null,
  options: HandshakeOptions,
): Coro<Secured> {
  const { _handle: handle, _generation: generation } = transport;
  const through = new Future<Secured>({ loop });
  loop._unregister(handle);
  const handshake: Handshake = new Handshake(
    loop,
    handle,
    generation,
    options,
    (error, secured) => {
      if (!handshake.closed) loop._register(handle, generation, transport);
      if (through.done()) return;
      if (error === null) through.setResult(secured);
      else through.setException(error);
    },
  );
  try {
    handshake.prepare();
    const told = new Future<void>({ loop });
    loop._rings.enqueue(new Behind(told));
    yield* told;
    handshake.begin(received(transport, buffered()));
    return yield* through;
  } catch (error) {
    // Nothing where it is over; else it was cancelled.
    through.cancel();
    handshake.fail(error as Error);
    throw error;
  }
}

/** All that came and that nobody has looked at. */
function received(transport: Transport, first: Buffer | null): Buffer | null {
  const pieces = (transport._held ?? []).filter((piece) => piece !== null);
  transport._held = null;
  transport._flags &= ~HOLDING;
  if (first !== null) pieces.unshift(first);
  return pieces.length === 0 ? null : Buffer.concat(pieces);
}
