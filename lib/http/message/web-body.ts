/** A received body as a WHATWG stream. */
import type { ReadableByteStreamController, ReadableStream } from 'node:stream/web';

import type { IncomingBody } from './incoming-body.ts';

const streams = new WeakMap<IncomingBody, ReadableStream<Uint8Array>>();

/**
 * The body as a ReadableStream, the same one each time. Nothing is read from the connection before
 * the stream is read; the body can then only be read through the stream.
 */
export function webStream(body: IncomingBody): ReadableStream<Uint8Array> {
  let stream = streams.get(body);
  if (stream === undefined) {
    stream = byteStream(
      () => body.read(),
      () => body._discard(),
    );
    streams.set(body, stream);
  }
  return stream;
}

/**
 * A stream of bytes that asks for a piece when it is read, and for none ahead.
 * @param read - the next piece, null at the end; what it rejects with is the error of the stream
 */
export function byteStream(
  read: () => PromiseLike<Uint8Array | null>,
  cancel: () => void,
): ReadableStream<Uint8Array> {
  return new globalThis.ReadableStream<Uint8Array>(
    {
      type: 'bytes' as never,
      async pull(controller) {
        let piece;
        do piece = await read();
        while (piece?.length === 0);
        if (piece !== null) {
          // A copy: a stream of bytes takes the memory of what it is given for its own.
          controller.enqueue(new Uint8Array(piece));
          return;
        }
        controller.close();
        (controller as ReadableByteStreamController).byobRequest?.respond(0);
      },
      cancel,
    },
    { highWaterMark: 0 },
  );
}
