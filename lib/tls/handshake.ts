/**
 * A connection on its way to TLS: the time it may take, the questions that its layer has, and how
 * it ends. Nothing of ours is sent before the peer has been looked at, so code that takes the
 * connection over afterwards need not look again.
 */
import { errnoError, errnoOf } from '../core/errors/errno.ts';
import { isA, KeyboardInterrupt } from '../core/errors/errors.ts';
import type { Future } from '../core/future/future.ts';
import type { CompletionTarget, EventLoop } from '../core/loop/event-loop.ts';
import type { TimerHandle } from '../core/loop/handle.ts';
import { discard } from '../io/native-stream.ts';
import {
  COMPLETION_OP_CLOSED,
  COMPLETION_OP_CONNECT,
  COMPLETION_OP_LAYER,
  COMPLETION_RESULT,
} from '../native/layout.ts';
import { ASK_CERTIFICATE, type LayerMaker, TELL_KEY_LOG } from '../native/tls-binding.ts';
import type { TlsContext } from './context.ts';
import { disconnectedError, peerError, timeoutError, unknownNameError } from './errors.ts';
import { isNobody } from './identity.ts';
import { makerOf } from './native.ts';
import { ASK_RELAY, NodeRelay } from './node-relay.ts';
import type { Side } from './options.ts';
import { Secured } from './secured.ts';
import type { TlsSettings } from './settings.ts';
import { checkDriven } from './use-node-tls.ts';

/** How it is made. */
export interface HandshakeOptions {
  context: TlsContext;
  side: Side;
  /** Client: the name to ask for and to find in the certificate; '' for any. */
  host?: string;
  /** Client: with the host, what its sessions are kept under; without, none are kept. */
  port?: number | string;
  /** Seconds; default: what the context says. */
  timeout?: number;
  /** Of an owner that keeps the handle: other completions than those of a handshake. */
  owner?: CompletionTarget;
  /** TLS in TLS: what the connection has already. */
  below?: Secured | null;
}

/** Called once: with an error the connection is being closed. */
export type HandshakeDone = (error: Error | null, secured: Secured) => void;

export class Handshake implements CompletionTarget {
  readonly _generation: number;
  readonly #loop: EventLoop;
  readonly #handle: number;
  readonly #options: HandshakeOptions;
  readonly #secured: Secured;
  readonly #done: HandshakeDone;
  readonly #timer: TimerHandle;
  #over = false;
  /** Why the peer is refused, while the layer says so to it. */
  #refusal: Error | null = null;
  /** Its layer is there, and has not begun. */
  #waits = false;
  /** The handle is nobody's any more. */
  #closed = false;

  /** @param handle - a connection whose layer is there, or will be by `begin` */
  constructor(
    loop: EventLoop,
    handle: number,
    generation: number,
    options: HandshakeOptions,
    done: HandshakeDone,
  ) {
    const { context, side, below = null } = options;
    this.#loop = loop;
    this.#handle = handle;
    this._generation = generation;
    this.#options = options;
    this.#done = done;
    this.#secured = new Secured(loop, handle, generation, context, side, below);
    const seconds = options.timeout ?? context._settings.handshakeTimeout;
    this.#timer = loop.callLater(seconds, () => this.fail(timeoutError('handshake', seconds)));
    loop._register(handle, generation, this);
  }

  /** Puts the layer on the connection; it waits for `begin`. */
  prepare(): void {
    this.#waits = true;
    const result = this.#loop._engine.setLayer(this.#handle, this._generation, this.#maker());
    if (result < 0) this.fail(errnoError(result, 'tls'));
    else this.#options.below?.sink();
  }

  /** @param received - what has come already */
  begin(received: Uint8Array | null): void {
    if (this.#over) return;
    this.#waits = false;
    this.#loop._engine.beginLayer(this.#handle, this._generation, received);
  }

  #maker(): LayerMaker {
    const { side } = this.#options;
    const { settings } = this.#secured;
    if (side === 'server') return makerOf(settings, side);
    const name = this.#host();
    const { isIP } = process.getBuiltinModule('node:net');
    return makerOf(settings, side, {
      servername: isIP(name) === 0 ? name : '',
      sessionName: this.#sessionName(),
      session: settings.session,
    });
  }

  /** What a client's sessions are kept under; '' for none. */
  #sessionName(): string {
    const { side, host, port } = this.#options;
    return side === 'server' || port === undefined ? '' : `${host} ${port} ${this.#host()}`;
  }

  /** Who the peer must be; '' for anybody. */
  #host(): string {
    return this.#secured.settings.servername ?? this.#options.host ?? '';
  }

  _complete(op: number, words: Int32Array, at: number): void {
    const result = words[at + COMPLETION_RESULT]!;
    if (op === COMPLETION_OP_CONNECT) {
      this.#connected(result);
      return;
    }
    if (op === COMPLETION_OP_LAYER) {
      this.#asked(result);
      return;
    }
    if (op === COMPLETION_OP_CLOSED) {
      this.#closed = true;
      this.#secured.closed();
      this.#end(this.#refusal ?? disconnectedError(this.#options.side));
    }
    this.#options.owner?._complete(op, words, at);
  }

  /** Whether the handle is nobody's any more. */
  get closed(): boolean {
    return this.#closed;
  }

  #connected(result: number): void {
    if (result === 0) {
      this.#tellKeys();
      this.#end(null);
    } else if (this.#refusal !== null) {
      this.fail(this.#refusal);
    } else if (result === errnoOf('ECONNRESET')) {
      this.fail(disconnectedError(this.#options.side));
    } else {
      this.fail(this.#secured.failure(result) ?? errnoError(result, 'connect'));
    }
  }

  #asked(question: number): void {
    try {
      if (question === ASK_RELAY) this.#relay();
      else if (question === ASK_CERTIFICATE) this.#chooseCertificate();
      else this.#lookAtPeer();
    } catch (error) {
      if (isA(error, KeyboardInterrupt)) throw error;
      if (question === ASK_RELAY) this.fail(error as Error);
      else this.#refuse(error as Error);
    }
  }

  /** `node:tls` does all of it, and asks nothing more. */
  #relay(): void {
    checkDriven(this.#loop);
    // Until it has begun, the question is that of a connection beneath.
    if (!this.#waits) this.#makeRelay();
    this.#secured.asked();
  }

  #makeRelay(): void {
    const host = this.#host();
    const { isIP } = process.getBuiltinModule('node:net');
    this.#secured._relay ??= new NodeRelay(
      this.#loop,
      this.#handle,
      this._generation,
      this.#secured.settings,
      {
        side: this.#options.side,
        host,
        servername: isIP(host) === 0 ? host : '',
        sessionName: this.#sessionName(),
      },
    );
  }

  #lookAtPeer(): void {
    const { settings, side } = this.#secured;
    const error = peerError(settings, side, this.#host(), this.#secured.peer());
    // In the middle of the handshake not all is known.
    this.#secured.forget();
    if (error !== null) this.#refuse(error);
    else this.#answer(makerOf(settings, side));
  }

  #chooseCertificate(): void {
    const { settings } = this.#secured;
    const name = this.#secured.info()?.servername ?? '';
    const found = settings.sni!.find(name, this.#loop);
    // What was known of the connection so far is not how it will be.
    this.#secured.forget();
    if (found === null || 'pairs' in found) {
      this.#show(found, name);
      return;
    }
    const choice: Future<TlsSettings | null> = found;
    choice.addDoneCallback(() => {
      if (this.#over) return;
      const error = choice.cancelled() ? disconnectedError('server') : choice.exception();
      try {
        if (error !== null) this.#refuse(error as Error);
        else this.#show(choice.result(), name);
      } catch (exception) {
        this.#refuse(exception as Error);
      }
    });
  }

  #show(found: TlsSettings | null, name: string): void {
    const settings = found ?? this.#secured.settings;
    if (isNobody(settings)) throw unknownNameError(name);
    this.#answer(makerOf(settings, 'server'));
  }

  /** The peer learns of it, by an alert. */
  #refuse(error: Error): void {
    if (this.#over) return;
    this.#answer(null);
    // To an owner, the end that follows from that would mean nothing: it is waited for.
    if (this.#options.owner === undefined) this.fail(error);
    else this.#refusal = error;
  }

  #answer(maker: LayerMaker | null): void {
    if (!this.#over) this.#loop._engine.answerLayer(this.#handle, this._generation, maker);
  }

  /** Ends it, and closes the connection unless it has another owner. */
  fail(error: Error): void {
    if (this.#over) return;
    this.#tellKeys();
    this.#end(error);
    if (this.#options.owner === undefined) this.drop();
    else this.#secured._relay?.close();
  }

  /** Closes the connection, in whatever state it is, silently. */
  drop(): void {
    this.#secured.closed();
    if (this.#closed) return;
    this.#closed = true;
    if (!this.#over) {
      this.#over = true;
      this.#timer.cancel();
      this.#loop._unregister(this.#handle);
    }
    discard(this.#loop, this.#handle, this._generation);
  }

  #end(error: Error | null): void {
    if (this.#over) return;
    this.#over = true;
    this.#timer.cancel();
    this.#loop._unregister(this.#handle);
    this.#done(error, this.#secured);
  }

  #tellKeys(): void {
    const { keylog } = this.#secured.settings;
    if (keylog === null) return;
    const lines = this.#secured._ask(TELL_KEY_LOG).toString('latin1').match(/.*\n/g) ?? [];
    for (const line of lines) {
      try {
        keylog(Buffer.from(line, 'latin1'));
      } catch (exception) {
        if (isA(exception, KeyboardInterrupt)) throw exception;
        this.#loop.callExceptionHandler({ message: 'Exception in callback keylog', exception });
      }
    }
  }
}
