/**
 * A handshake in progress: its time limit, the questions of its native layer, and its end. Nothing
 * is sent before the peer was accepted, so code that takes over the connection need not check it
 * again.
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
import { callKeyLog } from './key-log.ts';
import { makerOf } from './native.ts';
import { ASK_RELAY, NodeRelay } from './node-relay.ts';
import type { Side } from './options.ts';
import { Secured } from './secured.ts';
import type { TlsSettings } from './settings.ts';
import { checkDriven } from './use-node-tls.ts';

/** Options of a handshake. */
export interface HandshakeOptions {
  context: TlsContext;
  side: Side;
  /** Client: the name to request and to expect in the certificate; '' for any. */
  host?: string;
  /** Client: forms, with the host, the key for stored sessions; without it none are stored. */
  port?: number | string;
  /** Seconds; default: the context's `handshakeTimeout`. */
  timeout?: number;
  /** Set when the handle keeps its owner, which gets all completions other than the handshake's. */
  owner?: CompletionTarget;
  /** For TLS within TLS: the outer TLS of the connection. */
  below?: Secured | null;
}

/** Called once. With an error, the connection is being closed. */
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
  /** Why the peer was refused, while the alert is being sent. */
  #refusal: Error | null = null;
  /** The layer was installed, but `begin` was not called yet. */
  #waits = false;
  /** The handle was closed. */
  #closed = false;

  /** @param handle - a connection whose layer is installed, or will be before `begin` */
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

  /** Installs the layer on the connection; it waits for `begin`. */
  prepare(): void {
    this.#waits = true;
    const result = this.#loop._engine.setLayer(this.#handle, this._generation, this.#maker());
    if (result < 0) this.fail(errnoError(result, 'tls'));
    else this.#options.below?.sink();
  }

  /** Starts the handshake. @param received - bytes that were already read */
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

  /** The key for a client's stored sessions; '' to store none. */
  #sessionName(): string {
    const { side, host, port } = this.#options;
    return side === 'server' || port === undefined ? '' : `${host} ${port} ${this.#host()}`;
  }

  /** The name or address that the peer must have; '' for any. */
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

  /** Whether the handle was closed. */
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

  /** From this question on, `node:tls` does the whole handshake. */
  #relay(): void {
    checkDriven(this.#loop);
    // Before `begin`, the question comes from a layer below (TLS in TLS).
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
    // Drops what was cached in the middle of the handshake, when not everything was known.
    this.#secured.forget();
    if (error !== null) this.#refuse(error);
    else this.#answer(makerOf(settings, side));
  }

  #chooseCertificate(): void {
    const { settings } = this.#secured;
    const name = this.#secured.info()?.servername ?? '';
    const found = settings.sni!.find(name, this.#loop);
    // Drops what was cached: the handshake may still change it.
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

  /** Refuses the peer, which gets an alert. */
  #refuse(error: Error): void {
    if (this.#over) return;
    this.#answer(null);
    // An owner would not understand the failed connect that follows: keep the reason until then.
    if (this.#options.owner === undefined) this.fail(error);
    else this.#refusal = error;
  }

  #answer(maker: LayerMaker | null): void {
    if (!this.#over) this.#loop._engine.answerLayer(this.#handle, this._generation, maker);
  }

  /** Ends it with an error, and closes the connection unless it has another owner. */
  fail(error: Error): void {
    if (this.#over) return;
    this.#tellKeys();
    this.#end(error);
    if (this.#options.owner === undefined) this.drop();
    else this.#secured._relay?.close();
  }

  /** Closes the connection in any state, without reporting anything. */
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
    for (const line of lines) callKeyLog(this.#loop, keylog, Buffer.from(line, 'latin1'));
  }
}
