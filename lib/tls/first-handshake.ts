import { Future } from '../core/future/future.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Coro } from '../core/support/types.ts';
import { discard } from '../io/native-stream.ts';
import { Handshake, type HandshakeOptions } from './handshake.ts';
import type { Secured } from './secured.ts';

/**
 * Performs the handshake on a connection to which nothing was written yet. When it fails or is
 * cancelled, the connection is closed; otherwise the caller must take over the handle at once.
 *
 * @param received - bytes that were already read from the connection
 * @throws the error of the handshake
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
