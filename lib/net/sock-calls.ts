/** `loop.sock*`: asyncio's calls on a Socket that the program owns. */
import { EventLoop } from '../core/loop/event-loop.ts';
import { doneFuture, failedFuture } from '../core/future/done-future.ts';
import type { Future } from '../core/future/future.ts';
import { describe } from '../core/support/describe.ts';
import type { Coro } from '../core/support/types.ts';
import { abortable, abortedFirst, NO_OPTIONS, type SignalOptions } from '../tasks/abort.ts';
import { bytesOf, type Data, lengthOf, notDataError } from '../io/data.ts';
import { checkHost, checkPort, lookup, type Port } from '../io/names.ts';
import { numericFamily } from '../io/resolver.ts';
import { type AnySocketAddress, checkSocket, type Socket } from '../io/socket.ts';
import {
  Accept,
  Connect,
  Receive,
  ReceiveInto,
  SendAll,
  SendTo,
  type SocketOperation,
} from './sock-operations.ts';

/** An address to connect or send to: `[host, port]`, or the path of a Unix socket. */
export type SocketTarget = readonly [host: string, port: Port] | string;

/** The future of `sockSendall` and `sockSendfile`, with its progress. */
export type Sending<T> = Future<T> & {
  /** Bytes sent so far; also a property of the error when it is cancelled or fails. */
  readonly bytesSent: number;
};

declare module '../core/loop/event-loop.ts' {
  interface EventLoop {
    /**
     * Receives at least one and at most `count` bytes; an empty Buffer at the end of a stream. On a
     * datagram socket it receives one datagram, truncated to `count` bytes.
     *
     * Cancel-safe: data received at the last moment is kept for the next call. Several calls may
     * wait for one socket; they are served in order.
     * @throws an error with code `ECONNRESET`, …, or `EBADF` once the socket is closed; AbortError
     */
    sockRecv(socket: Socket, count: number, options?: SignalOptions): Future<Buffer>;
    /** The same into the caller's memory. @returns how many bytes were received */
    sockRecvInto(socket: Socket, into: ArrayBufferView, options?: SignalOptions): Future<number>;
    /** As `sockRecv`, together with the sender's address. */
    sockRecvfrom(
      socket: Socket,
      count: number,
      options?: SignalOptions,
    ): Future<[data: Buffer, address: AnySocketAddress]>;
    /**
     * As `sockRecvInto`, together with the sender's address.
     * @param count - the most bytes to receive; 0 (default) for as many as fit
     * @throws RangeError when `count` is more than the memory has
     */
    sockRecvfromInto(
      socket: Socket,
      into: ArrayBufferView,
      count?: number,
      options?: SignalOptions,
    ): Future<[count: number, address: AnySocketAddress]>;
    /**
     * Sends all of `data`, text as UTF-8. Bytes must not be changed until it is done.
     *
     * Not cancel-safe: a cancelled call may have sent a part, and `bytesSent` of the future and of
     * its error says how much.
     */
    sockSendall(socket: Socket, data: Data, options?: SignalOptions): Sending<void>;
    /**
     * Sends one datagram. A name is looked up.
     * @returns how many bytes were sent. Cancel-safe: it is sent as a whole or not at all
     */
    sockSendto(
      socket: Socket,
      data: Data,
      address: SocketTarget,
      options?: SignalOptions,
    ): Future<number>;
    /**
     * Connects. A name is looked up, and its first address of the socket's family is taken.
     *
     * A cancel does not stop the system's attempt: close the socket, or call again with the same
     * address.
     * @throws an error with code `ECONNREFUSED`, `ENOTFOUND`, …; AbortError
     */
    sockConnect(socket: Socket, address: SocketTarget, options?: SignalOptions): Future<void>;
    /**
     * Accepts a connection on a listening socket.
     * Cancel-safe: a connection accepted at the last moment is kept for the next call.
     * @throws an error with code `EMFILE`, …; AbortError
     */
    sockAccept(
      socket: Socket,
      options?: SignalOptions,
    ): Future<[connection: Socket, address: AnySocketAddress]>;
  }
}

/** Does the checks that all operations need, and starts one. */
function begin<T, O extends SocketOperation<T>>(
  loop: EventLoop,
  where: string,
  options: SignalOptions,
  make: () => O,
): O {
  const aborted = abortedFirst(where, options);
  loop._checkClosed();
  const operation = make();
  if (aborted === null) return operation._begin(options);
  operation._fail(aborted);
  return operation;
}

export function checkCount(where: string, count: unknown): void {
  if (Number.isInteger(count) && (count as number) >= 0 && (count as number) <= 0x3fffffff) return;
  const given = describe(count);
  throw new RangeError(
    `${where}: count must be a whole number from 0 to 2 ** 30 - 1, not ${given}`,
  );
}

function viewOf(where: string, into: unknown, count = 0): Uint8Array {
  const bytes = ArrayBuffer.isView(into) ? bytesOf(into) : undefined;
  if (bytes === undefined) {
    throw new TypeError(`${where}: a Buffer or another view was expected, not ${describe(into)}`);
  }
  const size = lengthOf(bytes);
  if (count > size) {
    throw new RangeError(`${where}: count is ${count}, and there is room for ${size} bytes`);
  }
  return count === 0 ? bytes : bytes.subarray(0, count);
}

/** The bytes of data, text as UTF-8. */
export function bytesToSend(data: Data): Uint8Array {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : bytesOf(data);
  if (bytes === undefined) throw notDataError(data);
  return bytes;
}

const prototype = EventLoop.prototype;

prototype.sockRecv = function sockRecv(socket, count, options = NO_OPTIONS) {
  checkSocket('sockRecv()', socket);
  checkCount('sockRecv()', count);
  if (count === 0) return doneFuture({ loop: this }, Buffer.alloc(0));
  return begin(this, 'sockRecv()', options, () => new Receive<Buffer>(this, socket, count, false));
};

prototype.sockRecvfrom = function sockRecvfrom(socket, count, options = NO_OPTIONS) {
  const where = 'sockRecvfrom()';
  checkSocket(where, socket);
  checkCount(where, count);
  const make = () => new Receive<[Buffer, AnySocketAddress]>(this, socket, count, true);
  return begin(this, where, options, make);
};

prototype.sockRecvInto = function sockRecvInto(socket, into, options = NO_OPTIONS) {
  const where = 'sockRecvInto()';
  checkSocket(where, socket);
  const bytes = viewOf(where, into);
  if (lengthOf(bytes) === 0) return doneFuture({ loop: this }, 0);
  return begin(this, where, options, () => new ReceiveInto<number>(this, socket, bytes, false));
};

prototype.sockRecvfromInto = function sockRecvfromInto(
  socket,
  into,
  count = 0,
  options = NO_OPTIONS,
) {
  const where = 'sockRecvfromInto()';
  checkSocket(where, socket);
  checkCount(where, count);
  const bytes = viewOf(where, into, count);
  const make = () => new ReceiveInto<[number, AnySocketAddress]>(this, socket, bytes, true);
  return begin(this, where, options, make);
};

prototype.sockSendall = function sockSendall(socket, data, options = NO_OPTIONS) {
  checkSocket('sockSendall()', socket);
  const bytes = bytesToSend(data);
  return begin(this, 'sockSendall()', options, () => new SendAll(this, socket, bytes));
};

prototype.sockSendto = function sockSendto(socket, data, address, options = NO_OPTIONS) {
  const where = 'sockSendto()';
  checkSocket(where, socket);
  const bytes = bytesToSend(data);
  return toTarget(
    this,
    where,
    socket,
    address,
    options,
    (to) => new SendTo(this, socket, bytes, to),
  );
};

prototype.sockConnect = function sockConnect(socket, address, options = NO_OPTIONS) {
  const where = 'sockConnect()';
  checkSocket(where, socket);
  return toTarget(this, where, socket, address, options, (to) => new Connect(this, socket, to));
};

prototype.sockAccept = function sockAccept(socket, options = NO_OPTIONS) {
  checkSocket('sockAccept()', socket);
  return begin(this, 'sockAccept()', options, () => new Accept(this, socket));
};

/** Starts an operation with a numeric address, or after the name was looked up. */
function toTarget<T>(
  loop: EventLoop,
  where: string,
  socket: Socket,
  address: SocketTarget,
  options: SignalOptions,
  make: (to: [string, number]) => SocketOperation<T>,
): Future<T> {
  if (socket.family === 'unix' || isPlace(address)) {
    const to = socket._place(where, address);
    return begin(loop, where, options, () => make(to));
  }
  if (!Array.isArray(address) || address.length !== 2) socket._place(where, address);
  const [host, port] = address as [string, Port];
  checkHost(host, `${where}: host`);
  checkPort(port);
  const aborted = abortedFirst(where, options);
  loop._checkClosed();
  if (aborted !== null) return failedFuture({ loop }, aborted);
  const task = loop._startTask(lookedUp(loop, socket, host, port, make));
  return options.signal ? abortable(loop, task, options.signal) : task;
}

function isPlace(address: SocketTarget): boolean {
  return (
    typeof address !== 'string' && typeof address[1] === 'number' && numericFamily(address[0]) !== 0
  );
}

function* lookedUp<T>(
  loop: EventLoop,
  socket: Socket,
  host: string,
  port: Port,
  make: (to: [string, number]) => SocketOperation<T>,
): Coro<T> {
  const family = socket.family as 4 | 6;
  const [first] = yield* lookup(loop, host || 'localhost', port, { family });
  return yield* make([first!.address, first!.port])._begin(NO_OPTIONS);
}
