/** `loop.sendFds` and `loop.recvFds`: open descriptors from one process to another. */
import { errnoError } from '../core/errors/errno.ts';
import { EventLoop } from '../core/loop/event-loop.ts';
import { failedFuture } from '../core/future/done-future.ts';
import type { Future } from '../core/future/future.ts';
import { describe } from '../core/support/describe.ts';
import { checkOptions } from '../core/support/options.ts';
import { loadAddon } from '../native/load.ts';
import {
  abortedBefore,
  abortedFirst,
  NO_OPTIONS,
  SIGNAL,
  type SignalOptions,
} from '../tasks/abort.ts';
import { type Data, lengthOf } from '../io/data.ts';
import { checkSocket, closeAll, type Socket, type Unread, wouldBlock } from '../io/socket.ts';
import { bytesToSend, checkCount, type Sending } from './sock-calls.ts';
import { SendAll, SocketOperation, takeUnread } from './sock-operations.ts';

/** A descriptor to send: its number, or an object with `fd` or `fileno()`. */
export type PassedDescriptor = number | { readonly fd: number } | { fileno(): number };

/** Options of `sendFds`. */
export interface SendFdsOptions extends SignalOptions {
  /** The path of the receiver, for datagram sockets that are not connected. */
  address?: string;
}

/** The result of `recvFds`. */
export interface ReceivedFds {
  /** The bytes; empty at the end of a stream. */
  readonly data: Buffer;
  /** The received descriptors, which the caller must close. */
  readonly fds: number[];
  /**
   * Whether more descriptors arrived than `maxFds` or than the process can open: they are closed.
   */
  readonly truncated: boolean;
}

declare module '../core/loop/event-loop.ts' {
  interface EventLoop {
    /**
     * Sends all bytes over a Unix socket, and open descriptors along with the first byte. The
     * receiver gets its own descriptors for the same files and sockets; the caller's must stay open
     * until the call is done, and remain the caller's to close.
     *
     * Not cancel-safe: `bytesSent` says how much was sent. The descriptors go with the first byte,
     * or with the datagram.
     *
     * @param data - at least one byte, unless it is a datagram; text as UTF-8
     * @param fds - numbers or objects with `fd` or `fileno()`, at most 253
     * @throws RangeError for another kind of socket, too many descriptors or no data; an error with
     * code `EBADF` when one is not open, `EPIPE`, `ETOOMANYREFS`, …; AbortError
     */
    sendFds(
      socket: Socket,
      data: Data,
      fds: readonly PassedDescriptor[],
      options?: SendFdsOptions,
    ): Sending<void>;
    /**
     * Receives from a Unix socket at least one and at most `count` bytes, and at most `maxFds`
     * descriptors that were sent with them. Those are close-on-exec, and the caller must close
     * them: `Socket.from(fd)`, or `fs.closeSync(fd)`. `sockRecv` and transports close such
     * descriptors.
     *
     * Cancel-safe: bytes and descriptors received at the last moment are kept for the next call,
     * and closed with the socket.
     * @throws RangeError for another kind of socket or count; an error with code `ECONNRESET`, …;
     * AbortError
     */
    recvFds(
      socket: Socket,
      count: number,
      maxFds: number,
      options?: SignalOptions,
    ): Future<ReceivedFds>;
  }
}

/** The maximum that Linux allows in one message. */
const FDS_MAX = 253;

class SendFds extends SendAll {
  /** @internal */ declare readonly _fds: Int32Array;
  /** @internal */ declare readonly _to: string | undefined;
  /** @internal */ declare _gone: boolean;

  constructor(
    loop: EventLoop,
    socket: Socket,
    data: Uint8Array,
    fds: Int32Array,
    to: string | undefined,
  ) {
    super(loop, socket, data);
    this._fds = fds;
    this._to = to;
    this._gone = false;
  }

  /** @internal Sends the descriptors with the first bytes, the rest as usual. */
  override _attempt(descriptor: number): boolean {
    if (this._gone) return super._attempt(descriptor);
    const { sockets } = loadAddon();
    const to = this._to;
    const sent =
      to === undefined
        ? sockets.sendDescriptors(descriptor, this._data, this._fds)
        : sockets.sendDescriptors(descriptor, this._data, this._fds, to, -1);
    if (wouldBlock(sent)) return false;
    if (sent < 0) throw errnoError(sent, 'sendmsg', to === undefined ? {} : { address: to });
    this._gone = true;
    this.bytesSent = sent;
    return this.bytesSent === this._size || super._attempt(descriptor);
  }
}

class RecvFds extends SocketOperation<ReceivedFds> {
  /** @internal */ declare readonly _count: number;
  /** @internal */ declare readonly _wanted: number;
  /** @internal */ declare _received: ReceivedFds | null;

  constructor(loop: EventLoop, socket: Socket, count: number, wanted: number) {
    super(loop, socket, 'reader');
    this._count = count;
    this._wanted = wanted;
    this._received = null;
  }

  /** @internal */
  override _syscall(): string {
    return 'recvmsg';
  }

  /** @internal */
  override _attempt(descriptor: number): boolean {
    const unread = takeUnread(this._socket, this._count);
    if (unread !== null) {
      this._received = this.#again(unread);
      return true;
    }
    const into = Buffer.allocUnsafeSlow(this._count);
    const answer = loadAddon().sockets.receiveDescriptors(descriptor, into, this._wanted);
    if (typeof answer === 'number') {
      if (wouldBlock(answer)) return false;
      throw errnoError(answer, 'recvmsg');
    }
    const [count, truncated, ...fds] = answer;
    const data = into.subarray(0, count);
    this._received = { data: count * 2 < this._count ? Buffer.from(data) : data, fds, truncated };
    return true;
  }

  #again({ data, fds = [] }: Unread): ReceivedFds {
    closeAll(fds.slice(this._wanted));
    return { data, fds: fds.slice(0, this._wanted), truncated: fds.length > this._wanted };
  }

  /** @internal */
  override _claim(): ReceivedFds {
    return this._received!;
  }

  /** @internal */
  override _release(): void {
    const { data, fds } = this._received!;
    // If the socket was closed meanwhile, they cannot be put back.
    if (this._socket.fileno() < 0) closeAll(fds);
    else if (data.length > 0 || fds.length > 0 || this._socket.type !== 'stream') {
      this._socket._unread.unshift({ data, address: '', fds });
    }
  }
}

const prototype = EventLoop.prototype;

prototype.sendFds = function sendFds(socket, data, fds, options = NO_OPTIONS) {
  const where = 'sendFds()';
  checkUnix(where, socket);
  const bytes = bytesToSend(data);
  const list = listOf(where, fds);
  checkOptions(where, options, ['address', ...SIGNAL]);
  const { address, signal } = options as SendFdsOptions;
  const to = address === undefined ? undefined : socket._place(where, address)[0];
  if (socket.type === 'stream' && lengthOf(bytes) === 0) {
    throw new RangeError(`${where}: descriptors need at least one byte to go along with`);
  }
  const aborted = abortedBefore(signal);
  this._checkClosed();
  const sending = new SendFds(this, socket, bytes, list, to);
  if (aborted === null) return sending._begin({ signal });
  sending._fail(aborted);
  return sending;
};

prototype.recvFds = function recvFds(socket, count, maxFds, options = NO_OPTIONS) {
  const where = 'recvFds()';
  checkUnix(where, socket);
  checkCount(where, count);
  if (count === 0) throw new RangeError(`${where}: count must be at least 1`);
  if (!Number.isInteger(maxFds) || maxFds < 0 || maxFds > FDS_MAX) {
    const given = describe(maxFds);
    throw new RangeError(
      `${where}: maxFds must be a whole number from 0 to ${FDS_MAX}, not ${given}`,
    );
  }
  const aborted = abortedFirst(where, options);
  this._checkClosed();
  if (aborted !== null) return failedFuture({ loop: this }, aborted);
  return new RecvFds(this, socket, count, maxFds)._begin(options);
};

function checkUnix(where: string, socket: unknown): void {
  checkSocket(where, socket);
  if (socket.family === 'unix') return;
  throw new RangeError(`${where}: a Unix socket was expected, not ${describe(socket)}`);
}

function listOf(where: string, fds: unknown): Int32Array {
  if (!Array.isArray(fds)) {
    throw new TypeError(`${where}: fds must be an array of descriptors, not ${describe(fds)}`);
  }
  if (fds.length > FDS_MAX) {
    throw new RangeError(`${where}: at most ${FDS_MAX} descriptors go at once, not ${fds.length}`);
  }
  return Int32Array.from(fds, (each: unknown) => numberOf(where, each));
}

function numberOf(where: string, given: unknown): number {
  const { fd, fileno } = Object(given) as { fd?: unknown; fileno?: unknown };
  const number =
    typeof given === 'number' ? given : typeof fileno === 'function' ? fileno.call(given) : fd;
  if (Number.isInteger(number) && number >= 0 && number <= 0x7fffffff) return number as number;
  throw new TypeError(
    `${where}: a descriptor is a whole number from 0, or an object with fd or fileno(), ` +
      `not ${describe(given)}`,
  );
}
