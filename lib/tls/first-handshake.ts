import { Future } from '../core/future/future.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Coro } from '../core/support/types.ts';
import { discard } from '../io/native-stream.ts';
import { Handshake, type HandshakeOptions } from './handshake.ts';
import type { Secured } from './secured.ts';

/**
 * Makes a connection, to which nothing was written yet, one with TLS. When it fails or is
 * cancelled, the connection is closed; otherwise the handle is the caller's, who takes it over at
 * once.
 *
 * @param received - what was read of it already
 */
export function* handshakeFirst(
  loop: EventLoop,
  handle: number,
  generation: number,
  options: Omit<HandshakeOptions, 'owner'>,
  received: readonly Uint8Array[] = [],
): Coro<Secured> {
  const through = new Future<Secured>({ loop });
  let taken = false;
  let handshake: Handshake;
  try {
    handshake = new Handshake(loop, handle, generation, options, (error, secured) => {
      if (through.done()) return;
      if (error === null) through.setResult(secured);
      else through.setException(error);
    });
  } catch (error) {
    discard(loop, handle, generation);
    throw error;
  }
  try {
    handshake.prepare();
    handshake.begin(received.length === 0 ? null : Buffer.concat(received));
    const secured = yield* through;
    taken = true;
    return secured;
  } finally {
    if (!taken) handshake.drop();
  }
}
