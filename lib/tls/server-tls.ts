/**
 * The TLS of a server: what its listeners make layers with, and the clients that are on their way.
 *
 * A client has to be let in before it has said anything, so there is a limit on how many can be on
 * their way at a time. The oldest has to go then: an honest client is through in a few round trips,
 * so a flood of clients that say nothing cannot keep the others out.
 */
import type { EventLoop } from '../core/loop/event-loop.ts';
import type { LayerMaker } from '../native/tls-binding.ts';
import type { TlsContext } from './context.ts';
import { Handshake } from './handshake.ts';
import { makerOf } from './native.ts';
import type { Secured } from './secured.ts';
import { checkDriven } from './use-node-tls.ts';

/** Clients of one server whose handshakes are not through. */
export const HANDSHAKES_MAX = 1024;

export class ServerTls {
  readonly context: TlsContext;
  readonly #timeout: number | undefined;
  readonly #pending: Set<Handshake> = new Set();
  #forget: (() => void) | null = null;

  /** @param timeout - seconds for a handshake; undefined: what the context says */
  constructor(context: TlsContext, timeout: number | undefined) {
    this.context = context;
    this.#timeout = timeout;
  }

  /**
   * What listeners need. From now on updates of the context concern them, until `close`.
   * @throws TlsError when OpenSSL does not take the context; RuntimeError where nobody would be let
   * in
   */
  start(loop: EventLoop): LayerMaker {
    checkDriven(loop);
    const { context } = this;
    const layers = makerOf(context._settings, 'server');
    // The maker has the native context, which is another inside then.
    this.#forget ??= context._onUpdate(() => makerOf(context._settings, 'server'));
    return layers;
  }

  /**
   * Takes a connection that a listener has accepted.
   * @param taken - called when the handshake is through; who fails is gone, with a warning in debug
   * mode
   * @param layered - whether the listener has put a layer on it; else that is done here
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

  /** Nobody is let in any more; who is on the way has to go. */
  close(): void {
    this.#forget?.();
    this.#forget = null;
    for (const handshake of this.#pending) handshake.drop();
    this.#pending.clear();
  }
}

/** Of a client that was not let in, or did not want to be; for who develops. */
export function warnOfClient(error: Error): void {
  process.emitWarning(`a client's TLS handshake has failed: ${error.message}`, 'OxbowWarning');
}
