/**
 * TLS of one connection by `node:tls`, used when our own TLS library cannot be loaded (Node has
 * another OpenSSL, or Electron). The stream still has a layer (native/net/relay_layer.h), so the
 * code above it sees no difference: the layer's input is passed through a TLSSocket here and back.
 * This needs Node's own loop, so `runSync` cannot be used with it.
 */
import type { Duplex } from 'node:stream';
import type { ConnectionOptions, SecureContext, TLSSocket } from 'node:tls';

import type { NativeTlsInfo } from '../native/tls-binding.ts';
import { errnoError } from '../core/errors/errno.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import { Future } from '../core/future/future.ts';
import {
  disconnectedError,
  type Peer,
  peerError,
  truncatedError,
  unknownNameError,
  verifyNumber,
} from './errors.ts';
import { isNobody } from './identity.ts';
import { callKeyLog } from './key-log.ts';
import { nodeCertificate, nodeContext } from './node-context.ts';
import type { Side } from './options.ts';
import type { TlsSettings } from './settings.ts';

/** Must match native/net/relay_layer.h. */
export const ASK_RELAY = 16;
const TELL_RECEIVED = 16;
const TELL_WRITTEN = 17;
const TELL_STATE = 18;
const STATE_PEER_ENDED = 1;
const STATE_ENDING = 2;
const STATE_EMPTY = 4;
const FEED_SEND = 0;
const FEED_READ = 1;
const FEED_OPEN = 2;
const FEED_WRITTEN = 3;
const FEED_GOODBYE = 4;
const FEED_END = 5;
const FEED_FAILED = 6;
/** All relays of the connection have looked at their layers. */
export const FEED_LOOKED = 8;
/** Makes the layer check whether there is room for more input. */
const FEED_NOTHING = 7;

/** Added once for each layer above, to address the layer of this relay. */
const LAYER_BELOW = 256;

/** How many decrypted bytes may be unread before the TLSSocket is paused. */
const UNREAD_MAX = 64 * 1024;

/**
 * How many bytes may be sent in response to a peer that reads nothing; must match
 * native/net/stream_layer.cc.
 */
const ANSWERS_MAX = 256 * 1024;

/** The alert unrecognized_name, as a record (RFC 8446, 6.2). */
const UNRECOGNIZED_NAME = Buffer.of(21, 3, 3, 0, 2, 2, 112);

/** The two ends of the TLS connection. */
export interface RelayPeer {
  readonly side: Side;
  /** Client: the requested name (SNI); '' for none. */
  readonly servername: string;
  /** Client: the name that the certificate must have; '' for any. */
  readonly host: string;
  /** Client: the key for stored sessions; '' to store none. */
  readonly sessionName: string;
}

/** Must match native/tls/sessions.h. */
const SESSIONS_MAX = 256;

/** Sessions that a client can resume, by server. Updated settings start without any. */
const sessions: WeakMap<TlsSettings, Map<string, Buffer>> = new WeakMap();

function keepSession(settings: TlsSettings, name: string, session: Buffer): void {
  let kept = sessions.get(settings);
  if (kept === undefined) sessions.set(settings, (kept = new Map()));
  kept.delete(name);
  if (kept.size === SESSIONS_MAX) kept.delete(kept.keys().next().value!);
  kept.set(name, session);
}

export class NodeRelay {
  /** Why it failed; the stream then reports EPROTO. */
  error: Error | null = null;
  /** Whether the peer has sent anything. */
  heard = false;
  /** How many TLS layers are above this one (TLS in TLS). */
  depth = 0;
  readonly #loop: EventLoop;
  readonly #handle: number;
  readonly #generation: number;
  readonly #settings: TlsSettings;
  readonly #peer: RelayPeer;
  readonly #wire: Duplex;
  readonly #socket: TLSSocket;
  /** Whether the TLSSocket wants more of what the peer has sent. */
  #hungry = true;
  #peerEnded = false;
  #ending = false;
  #unread = 0;
  /** Writes that the TLSSocket has not finished yet. */
  #writing = 0;
  /** Bytes that it sent without our writing, since the connection last had no unsent bytes. */
  #answered = 0;
  #open = false;
  #session: Buffer | undefined = undefined;
  #last: { info: NativeTlsInfo; peer: Peer } | null = null;
  #ocspResponse: Buffer | undefined = undefined;

  constructor(
    loop: EventLoop,
    handle: number,
    generation: number,
    settings: TlsSettings,
    peer: RelayPeer,
  ) {
    this.#loop = loop;
    this.#handle = handle;
    this.#generation = generation;
    this.#settings = settings;
    this.#peer = peer;
    const { Duplex } = process.getBuiltinModule('node:stream');
    this.#wire = new Duplex({
      read: () => this.#feedWire(),
      write: (bytes: Buffer, _encoding, done) => {
        this.#send(bytes);
        done();
      },
    });
    // The TLSSocket reports the same errors.
    this.#wire.on('error', () => {});
    this.#socket = peer.side === 'client' ? this.#connect() : this.#accept();
    this.#follow(this.#socket);
  }

  /** In the format of the native layer. */
  info(): NativeTlsInfo {
    return this.#last?.info ?? this.#readInfo();
  }

  peer(): Peer {
    return this.#last?.peer ?? this.#readPeer();
  }

  /** The session in DER. */
  session(): Buffer | undefined {
    return this.#session ?? this.#socket.getSession();
  }

  #readInfo(): NativeTlsInfo {
    const socket = this.#socket;
    const { name, standardName, version } = socket.getCipher() ?? {};
    const asked = this.#peer.side === 'client' ? this.#peer.servername : servernameOf(socket);
    const code = this.#verifyCode();
    return {
      version: socket.getProtocol() ?? '',
      cipher: name ?? '',
      standardCipher: standardName ?? '',
      cipherVersion: version ?? '',
      alpn: socket.alpnProtocol || null,
      servername: asked || null,
      verifyResult: code === null ? 0 : verifyNumber(code),
      verifyText: code ?? '',
      reused: socket.isSessionReused(),
    };
  }

  #readPeer(): Peer {
    const certificate = this.#socket.getPeerCertificate(true);
    const code = this.#verifyCode();
    return {
      verifyResult: code === null ? 0 : verifyNumber(code),
      verifyText: code ?? '',
      certificate: Object.keys(certificate).length === 0 ? null : certificate,
    };
  }

  /** The OCSP response in DER. */
  ocspResponse(): Buffer | undefined {
    return this.#ocspResponse;
  }

  #verifyCode(): string | null {
    if (this.#peer.side === 'server') {
      const error = this.#settings.requestCert ? verifyResult(this.#socket) : null;
      return error === null ? null : ((error as NodeJS.ErrnoException).code ?? 'UNSPECIFIED');
    }
    return (this.#socket.authorizationError as unknown as string | null | undefined) ?? null;
  }

  /** Called when the layer may have something for us. */
  look(): void {
    const [state = 0] = this.#ask(TELL_STATE);
    if ((state & STATE_PEER_ENDED) !== 0) this.#peerEnded = true;
    if ((state & STATE_EMPTY) !== 0) this.#readAll();
    this.#write(this.#ask(TELL_WRITTEN));
    if ((state & STATE_ENDING) !== 0) this.#end();
    if (this.#hungry) this.#feedWire();
  }

  /** Called when the stream is closed. */
  close(): void {
    this.#socket.destroy();
    this.#wire.destroy();
  }

  #connect(): TLSSocket {
    const { servername, host, sessionName } = this.#peer;
    const settings = this.#settings;
    const { rejectUnauthorized, alpn, requestOCSP, fingerprints } = settings;
    const session = settings.session ?? sessions.get(settings)?.get(sessionName) ?? null;
    const options: ConnectionOptions & { session?: Buffer; requestOCSP: boolean } = {
      socket: this.#wire,
      secureContext: nodeContext(settings, 'client'),
      rejectUnauthorized,
      host,
      ...(servername === '' ? {} : { servername }),
      ...(alpn.length === 0 ? {} : { ALPNProtocols: alpn as never }),
      // Pinning needs the certificate, which the server sends only in a full handshake.
      ...(session === null || fingerprints.length > 0 ? {} : { session }),
      requestOCSP,
      checkServerIdentity: (_host, certificate) =>
        peerError(settings, 'client', host, { verifyResult: 0, verifyText: '', certificate }) ??
        undefined,
    };
    return process.getBuiltinModule('node:tls').connect(options);
  }

  #accept(): TLSSocket {
    const settings = this.#settings;
    const { requestCert, rejectUnauthorized, alpn, sni, ocspResponse } = settings;
    const { TLSSocket } = process.getBuiltinModule('node:tls');
    return new TLSSocket(this.#wire, {
      isServer: true,
      secureContext: nodeContext(settings, 'server'),
      requestCert,
      rejectUnauthorized,
      ...(alpn.length === 0 ? {} : { ALPNProtocols: alpn as never }),
      ...(sni === null ? {} : { SNICallback: (name, done) => this.#choose(name, done) }),
      ...(ocspResponse === null
        ? {}
        : { server: stapler(ocspResponse, nodeContext(settings, 'server')) }),
    });
  }

  #choose(name: string, done: (error: Error | null, context?: never) => void): void {
    const settings = this.#settings;
    const answer = (found: TlsSettings | null): void => {
      const context = nodeCertificate(found);
      if (context === null && isNobody(settings)) this.#refuseName(unknownNameError(name), done);
      else done(null, (context ?? undefined) as never);
    };
    try {
      const found = settings.sni!.find(name, this.#loop);
      if (!(found instanceof Future)) return answer(found);
      found.addDoneCallback((future) => {
        try {
          answer(future.result());
        } catch (error) {
          this.#refuseName(error, done);
        }
      });
    } catch (error) {
      this.#refuseName(error, done);
    }
  }

  /**
   * Rejects the client with an alert, which Node would not send. As the answer to the first message
   * of a handshake, an alert is not encrypted.
   */
  #refuseName(error: unknown, done: (error: Error) => void): void {
    this.#feed(FEED_SEND, UNRECOGNIZED_NAME);
    done(asError(error));
  }

  #follow(socket: TLSSocket): void {
    const { keylog } = this.#settings;
    const opened = this.#peer.side === 'client' ? 'secureConnect' : 'secure';
    socket.once(opened, () => this.#shaken());
    socket.on('data', (bytes: Buffer) => {
      this.heard = true;
      this.#unread += bytes.length;
      if (this.#unread > UNREAD_MAX) socket.pause();
      this.#feed(FEED_READ, bytes);
    });
    socket.on('session', (session: Buffer) => {
      this.#session = session;
      if (this.#open) this.#keepSession();
    });
    socket.on('OCSPResponse', (response: Buffer | null) => {
      this.#ocspResponse = response ?? undefined;
    });
    socket.on('end', () => this.#ended());
    socket.on('error', (error: Error) => this.#fail(error));
    // After the handshake, a TLSSocket that was not created by a tls.Server emits only this event.
    socket.on('_tlsError', (error: Error) => this.#fail(error));
    if (keylog !== null) {
      socket.on('keylog', (line: Buffer) => callKeyLog(this.#loop, keylog, line));
    }
  }

  /** The handshake is complete; none of our data has been sent. */
  #shaken(): void {
    const { side, host } = this.#peer;
    const settings = this.#settings;
    const verified =
      side === 'server' && settings.requestCert && settings.rejectUnauthorized
        ? verifyResult(this.#socket)
        : null;
    if (verified !== null) return this.#fail(verified);
    // With rejectUnauthorized, Node has already called checkServerIdentity.
    const asked = side === 'client' && settings.rejectUnauthorized;
    // In a resumed session, the peer was checked when the session began.
    if (asked || this.#socket.isSessionReused()) return this.#opened();
    const error = peerError(settings, side, host, { ...this.peer(), verifyResult: 0 });
    if (error === null) this.#opened();
    else this.#fail(error);
  }

  #opened(): void {
    this.#open = true;
    this.#keepSession();
    this.#feed(FEED_OPEN);
  }

  /**
   * The peer has sent close_notify. What is known of the connection is saved, since a TLSSocket
   * that has ended in both directions can no longer report it.
   */
  #ended(): void {
    this.#last = { info: this.#readInfo(), peer: this.#readPeer() };
    this.#session ??= this.#socket.getSession();
    this.#feed(FEED_END);
  }

  /** Stores the session; called only once the peer was accepted. */
  #keepSession(): void {
    const { sessionName } = this.#peer;
    if (sessionName === '' || this.#session === undefined) return;
    keepSession(this.#settings, sessionName, this.#session);
  }

  /** Passes received bytes to the TLSSocket, as long as it wants more. */
  #feedWire(): void {
    this.#hungry = true;
    const received = this.#ask(TELL_RECEIVED);
    if (received.length > 0) {
      this.#hungry = this.#wire.push(received);
      this.#feed(FEED_NOTHING);
    } else if (this.#peerEnded && this.#wire.readableLength === 0) {
      // By then it has decrypted everything and has seen a close_notify, if there was one.
      setImmediate(() => this.#checkGoodbye());
    }
  }

  #checkGoodbye(): void {
    const socket = this.#socket as TLSSocket & { _readableState?: { ended?: boolean } };
    if (socket.destroyed || this.error !== null || socket._readableState?.ended === true) return;
    this.#fail(this.#open ? truncatedError() : disconnectedError(this.#peer.side));
  }

  #readAll(): void {
    this.#unread = 0;
    if (this.#socket.isPaused()) this.#socket.resume();
  }

  #send(bytes: Buffer): void {
    this.#feed(FEED_SEND, bytes);
    if (!this.#open || this.#writing > 0) return;
    const isAllSent = this.#loop._rings.backlog[this.#handle] === 0;
    this.#answered = isAllSent ? 0 : this.#answered + bytes.length;
    if (this.#answered > ANSWERS_MAX) this.#fail(errnoError('ENOBUFS', 'send'));
  }

  #write(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#writing++;
    this.#socket.write(bytes, (error) => {
      this.#writing--;
      if (!error) this.#feed(FEED_WRITTEN, bytes.length);
    });
  }

  #end(): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#socket.end(() => this.#feed(FEED_GOODBYE));
  }

  #fail(error: Error): void {
    if (this.error !== null) return;
    this.error = error;
    this.#feed(FEED_FAILED);
    this.close();
  }

  #ask(what: number): Buffer {
    const there = what + this.depth * LAYER_BELOW;
    return this.#loop._engine.askLayer(this.#handle, this.#generation, there);
  }

  #feed(what: number, given: Buffer | number = 0): void {
    const there = what + this.depth * LAYER_BELOW;
    this.#loop._engine.feedLayer(this.#handle, this.#generation, there, given);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error), { cause: error });
}

/** The name requested by a client. */
function servernameOf(socket: TLSSocket): string | null {
  const { servername } = socket as { servername?: string | false | null };
  return servername || null;
}

/**
 * The result of verifying a client's certificate. TLSSocket exposes it only through a tls.Server,
 * so it is taken from Node's internals; where they lack it, every client is refused.
 */
function verifyResult(socket: TLSSocket): Error | null {
  const handle = (socket as { _handle?: { verifyError?: () => Error | null } })._handle;
  if (typeof handle?.verifyError === 'function') return handle.verifyError() ?? null;
  return new Error("the client's certificate cannot be verified on this version of Node");
}

/** A minimal stand-in for a tls.Server, which Node asks for the OCSP response. */
function stapler(response: Buffer, secureContext: SecureContext): never {
  const { EventEmitter } = process.getBuiltinModule('node:events');
  // Node looks there for the certificate before it asks.
  const server = Object.assign(new EventEmitter(), { _sharedCreds: secureContext });
  server.on(
    'OCSPRequest',
    (_certificate: Buffer, _issuer: Buffer, done: (error: null, response: Buffer) => void) =>
      done(null, response),
  );
  return server as never;
}
