/**
 * The TLS of a server: the layers for its listeners, and the handshakes in progress.
 *
 * A client must be accepted before it has sent anything, so the number of handshakes in progress is
 * limited. Above the limit the oldest is dropped: an honest client needs only a few round trips, so
 * a flood of silent clients cannot keep others out.
 */
import type { EventLoop } from '../core/loop/event-loop.ts';
import type { LayerMaker } from '../native/tls-binding.ts';
import type { TlsContext } from './context.ts';
import { Handshake } from './handshake.ts';
import { makerOf } from './native.ts';
import type { Secured } from './secured.ts';
import { checkDriven } from './use-node-tls.ts';

/** How many handshakes may be in progress per server. */
export const HANDSHAKES_MAX = 1024;

export class ServerTls {
  readonly context: TlsContext;
  readonly #timeout: number | undefined;
  readonly #pending: Set<Handshake> = new Set();
  #forget: (() => void) | null = null;

  /** @param timeout - seconds for a handshake; undefined: the context's */
  constructor(context: TlsContext, timeout: number | undefined) {
    this.context = context;
    this.#timeout = timeout;
  }

  /**
   * What listeners need to create layers. From now on it follows updates of the context, until
   * `close`.
   * @throws TlsError when OpenSSL rejects the context; RuntimeError when TLS needs Node's loop,
   *   which is blocked
   */
  start(loop: EventLoop): LayerMaker {
    checkDriven(loop);
    const { context } = this;
    const layers = makerOf(context._settings, 'server');
    // The native context of `layers` is reconfigured in place.
    this.#forget ??= context._onUpdate(() => makerOf(context._settings, 'server'));
    return layers;
  }

  /**
   * Takes a connection accepted by a listener.
   * @param taken - called when the handshake is complete; after a failure the connection is closed,
   *   with a warning in debug mode
   * @param layered - whether the listener has installed the layer; if not, it is installed here
   */
  accept(
    loop: EventLoop,
    handle: number,
    generation: number,
    taken: (secured: Secured) => void,
    layered = true,
  ): void {
    const { context } = this;
    const timeout = this.#timeout;
    const handshake: Handshake = new Handshake(
      loop,
      handle,
      generation,
      { context, side: 'server', ...(timeout === undefined ? {} : { timeout }) },
      (error, secured) => {
        this.#pending.delete(handshake);
        if (error === null) taken(secured);
        else if (loop.getDebug()) warnOfClient(error);
      },
    );
    this.#pending.add(handshake);
    if (!layered) {
      handshake.prepare();
      handshake.begin(null);
    }
    if (this.#pending.size <= HANDSHAKES_MAX) return;
    const [oldest] = this.#pending;
    this.#pending.delete(oldest!);
    oldest!.drop();
  }

  /** Stops following the context, and drops the handshakes in progress. */
  close(): void {
    this.#forget?.();
    this.#forget = null;
    for (const handshake of this.#pending) handshake.drop();
    this.#pending.clear();
  }
}

/** A warning, for developers, about a client that failed or gave up its handshake. */
export function warnOfClient(error: Error): void {
  process.emitWarning(`a client's TLS handshake has failed: ${error.message}`, 'OxbowWarning');
}
