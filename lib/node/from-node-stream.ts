import { type Duplex, finished, pipeline } from 'node:stream';

import type { Future } from '../core/future/future.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import { describe } from '../core/support/describe.ts';
import { checkOptions } from '../core/support/options.ts';
import type { Coro } from '../core/support/types.ts';
import { ABORTED } from '../net/flags.ts';
import { type AnyProtocol, Protocol, type ProtocolFactory } from '../net/protocol.ts';
import { connectedPair } from '../net/pair.ts';
import { loopWithNetwork } from '../net/running-loop.ts';
import { StreamProtocol } from '../net/stream-protocol.ts';
import { checkLimit, DEFAULT_LIMIT, StreamReader } from '../net/stream-reader.ts';
import { StreamWriter } from '../net/stream-writer.ts';
import type { Transport } from '../net/transport.ts';
import { toNodeStream } from './to-node-stream.ts';

/** Options of `fromNodeStream`. */
export interface FromNodeOptions {
  /** The buffer limit of the reader, in bytes; 1 MiB by default. */
  limit?: number;
}

/**
 * Wraps any Duplex stream of Node (a socket, a tunnel, a stream of another library) as a transport
 * with a protocol, or as `[reader, writer]`.
 *
 * The transport is one end of an in-process connection whose other end is piped to and from the
 * Duplex, so it is a transport like any other, with backpressure in both directions. `writeEof()`
 * ends the writable side of the Duplex, the end of its readable side is reported as EOF, `abort()`
 * destroys it, and its error is passed to `connectionLost`. After `close()` the Duplex may still be
 * sending earlier writes.
 *
 * @param protocolFactory - creates the protocol; without it, the result is `[reader, writer]`
 * @returns a future of `[transport, protocol]` or `[reader, writer]`
 * @throws TypeError when `duplex` is not a Duplex; RuntimeError when no loop is running
 * @example
 * const [reader, writer] = yield* fromNodeStream(net.connect(8888));
 */
export function fromNodeStream<P extends AnyProtocol>(
  duplex: Duplex,
  protocolFactory: ProtocolFactory<P>,
): Future<[Transport, P]>;
export function fromNodeStream(
  duplex: Duplex,
  options?: FromNodeOptions,
): Future<[StreamReader, StreamWriter]>;
export function fromNodeStream(
  duplex: Duplex,
  given: ProtocolFactory | FromNodeOptions = {},
): Future<[unknown, unknown]> {
  checkDuplex(duplex);
  const loop = loopWithNetwork('fromNodeStream()');
  if (typeof given === 'function') return loop._startTask(bridge(loop, duplex, given));
  checkOptions('fromNodeStream()', given, ['limit']);
  const { limit = DEFAULT_LIMIT } = given;
  checkLimit(limit);
  return loop._startTask(streams(loop, duplex, limit));
}

function checkDuplex(duplex: unknown): void {
  const { read, write, pipe } = (duplex ?? {}) as Partial<Duplex>;
  if ([read, write, pipe].every((method) => typeof method === 'function')) return;
  throw new TypeError(`fromNodeStream(): a Duplex was expected, not ${describe(duplex)}`);
}

function* streams(
  loop: EventLoop,
  duplex: Duplex,
  limit: number,
): Coro<[StreamReader, StreamWriter]> {
  const factory = (): StreamProtocol => new StreamProtocol(new StreamReader({ limit, loop }));
  const [transport, protocol] = yield* bridge(loop, duplex, factory);
  return [protocol.reader, new StreamWriter(transport, protocol, protocol.reader)];
}

function* bridge<P extends AnyProtocol>(
  loop: EventLoop,
  duplex: Duplex,
  protocolFactory: ProtocolFactory<P>,
): Coro<[Transport, P]> {
  const pair = connectedPair(() => new Protocol(), protocolFactory, { loop });
  const [[near], [transport, protocol]] = yield* pair;
  const inner = toNodeStream(near, { allowHalfOpen: true });
  const over = (error?: Error | null): void => {
    // The first error of either direction counts; after our own abort() it has no effect.
    if (error) transport._forceClose(error);
  };
  // The protocol gets the error; without a listener the error would also end the process.
  for (const each of [duplex, inner]) each.on('error', over);
  transport._owner = {
    _detach: ({ _flags: flags }) => {
      if ((flags & ABORTED) !== 0) duplex.destroy();
      // Earlier writes are still sent; then nobody reads the other direction, so it is destroyed.
      else finished(duplex, { readable: false }, () => duplex.destroy());
    },
  };
  try {
    pipeline(duplex, inner, over);
    pipeline(inner, duplex, over);
  } catch (error) {
    // The Duplex is already destroyed: newer versions of Node throw here.
    inner.destroy();
    over(error as Error);
  }
  return [transport, protocol];
}
