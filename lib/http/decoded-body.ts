import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';

/** The body of a compressed response, with the methods of `IncomingBody`: one piece, then null. */
export class DecodedBody {
  /** @internal Whoever passes it on has to leave out the headers of the packed one. */
  readonly _unpacked: true = true;
  #loop: EventLoop;
  #bytes: () => Future<Uint8Array>;
  #used = false;

  constructor(loop: EventLoop, bytes: () => Future<Uint8Array>) {
    this.#loop = loop;
    this.#bytes = bytes;
  }

  get used(): boolean {
    return this.#used;
  }

  read(): Future<Uint8Array | null> {
    if (!this.#used) {
      this.#used = true;
      return this.#bytes();
    }
    const end = this.#loop.createFuture<Uint8Array | null>();
    end.setResult(null);
    return end;
  }

  async *[Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    for (let piece; (piece = await this.read()) !== null;) yield piece;
  }
}
