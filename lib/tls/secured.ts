/** What is known of a connection with TLS, for as long as it exists. */
import type { PeerCertificate } from 'node:tls';

import { errnoOf } from '../core/errors/errno.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import type { TimerHandle } from '../core/loop/handle.ts';
import {
  type NativeTlsFailure,
  type NativeTlsInfo,
  TELL_FAILURE,
  TELL_HEARD,
  TELL_INFO,
  TELL_OCSP,
  TELL_PEER,
  TELL_SESSION,
} from '../native/tls-binding.ts';
import type { Security } from '../io/native-stream.ts';
import type { TlsContext } from './context.ts';
import {
  failureError,
  isTruncation,
  type Peer,
  silenceError,
  timeoutError,
  verifyCode,
} from './errors.ts';
import { FEED_LOOKED, type NodeRelay } from './node-relay.ts';
import type { Side } from './options.ts';
import type { TlsSettings } from './settings.ts';

export class Secured implements Security {
  readonly context: TlsContext;
  /** The settings in force when the connection was made. */
  readonly settings: TlsSettings;
  readonly side: Side;
  readonly #loop: EventLoop;
  readonly #handle: number;
  readonly #generation: number;
  /** Set when `node:tls` is used. */
  _relay: NodeRelay | null = null;
  /** For TLS within TLS: the outer TLS, which carries this connection. */
  readonly #below: Secured | null;
  #info: NativeTlsInfo | null = null;
  #closing: TimerHandle | null = null;

  constructor(
    loop: EventLoop,
    handle: number,
    generation: number,
    context: TlsContext,
    side: Side,
    below: Secured | null = null,
  ) {
    this.#loop = loop;
    this.#handle = handle;
    this.#generation = generation;
    this.context = context;
    this.settings = context._settings;
    this.side = side;
    this.#below = below;
  }

  failure(result: number): Error | null {
    const error = this.#failure();
    const isGone = error === null ? isGoneFor(result) : isTruncation(error);
    return isGone && this.side === 'server' && !this.#heard() ? silenceError() : error;
  }

  /** Whether the peer has sent anything since the handshake. */
  #heard(): boolean {
    return this._relay === null ? this._ask(TELL_HEARD).length > 0 : this._relay.heard;
  }

  #failure(): Error | null {
    if (this._relay !== null) return this._relay.error;
    const told = this._ask(TELL_FAILURE);
    return told.length === 0 ? null : failureError(JSON.parse(told.toString()) as NativeTlsFailure);
  }

  /** Limits the time for sending unsent data and close_notify to `shutdownTimeout`. */
  closing(tooLate: (error: Error) => void): void {
    const seconds = this.settings.shutdownTimeout;
    this.#closing ??= this.#loop.callLater(seconds, () =>
      tooLate(timeoutError('shutdown', seconds)),
    );
  }

  /** Called when the connection is closed. */
  closed(): void {
    this.#closing?.cancel();
    this.#closing = null;
    this._relay?.close();
    this.#below?.closed();
  }

  /** Called when another TLS layer is put on top of this one. */
  sink(): void {
    if (this._relay !== null) this._relay.depth++;
    this.#below?.sink();
  }

  /** The `getExtraInfo` entries of TLS; undefined for unknown names. */
  extraInfo(name: string): unknown {
    switch (name) {
      case 'tlsContext':
        return this.context;
      case 'peercert':
        return this.peer().certificate ?? undefined;
      case 'tlsSession':
        return this._relay === null ? filled(this._ask(TELL_SESSION)) : this._relay.session();
      case 'ocspResponse':
        return this._relay === null ? filled(this._ask(TELL_OCSP)) : this._relay.ocspResponse();
      default:
        return this.#ofInfo(name);
    }
  }

  #ofInfo(name: string): unknown {
    const info = this.info();
    if (info === null) return undefined;
    switch (name) {
      case 'tlsVersion':
        return info.version;
      case 'cipher':
        return {
          name: info.cipher,
          standardName: info.standardCipher,
          version: info.cipherVersion,
        };
      case 'alpnProtocol':
        return info.alpn ?? undefined;
      case 'servername':
        return info.servername ?? undefined;
      case 'tlsSessionReused':
        return info.reused;
      case 'authorizationError':
        return info.verifyResult === 0 ? undefined : verifyCode(info.verifyResult);
      default:
        return undefined;
    }
  }

  /** Null once the connection is closed, unless it was read before. */
  info(): NativeTlsInfo | null {
    if (this.#info !== null) return this.#info;
    if (this._relay !== null) return (this.#info = this._relay.info());
    const told = this._ask(TELL_INFO);
    if (told.length === 0) return null;
    return (this.#info = JSON.parse(told.toString()) as NativeTlsInfo);
  }

  /** The layer has a question, synchronously in the middle of other work: looks at all relays. */
  asked(): void {
    this.#look();
    this.#loop._engine.feedLayer(this.#handle, this.#generation, FEED_LOOKED, 0);
  }

  #look(): void {
    this._relay?.look();
    if (this.#below !== null) this.#below.#look();
  }

  /** Drops the cached information, which the handshake may still change. */
  forget(): void {
    this.#info = null;
  }

  /** The certificate of the peer, and the result of its verification. */
  peer(): Peer {
    if (this._relay !== null) return this._relay.peer();
    const info = this.info();
    const chain = this._ask(TELL_PEER);
    return {
      verifyResult: info?.verifyResult ?? 0,
      verifyText: info?.verifyText ?? '',
      certificate: chain.length === 0 ? null : certificateOf(chain),
    };
  }

  _ask(what: number): Buffer {
    return this.#loop._engine.askLayer(this.#handle, this.#generation, what);
  }
}

/** Whether an error of a read or a write means that the peer is gone. */
function isGoneFor(result: number): boolean {
  return result === errnoOf('ECONNRESET') || result === errnoOf('EPIPE');
}

function filled(bytes: Buffer): Buffer | undefined {
  return bytes.length === 0 ? undefined : bytes;
}

/** The first of several DER certificates, each preceded by its size, in Node's format. */
function certificateOf(chain: Buffer): PeerCertificate {
  const { X509Certificate } = process.getBuiltinModule('node:crypto');
  const { endianness } = process.getBuiltinModule('node:os');
  const size = endianness() === 'LE' ? chain.readUInt32LE(0) : chain.readUInt32BE(0);
  return new X509Certificate(chain.subarray(4, 4 + size)).toLegacyObject() as PeerCertificate;
}
