/**
 * Watched descriptors: for `addReader` and `addWriter`, and for operations that wait for a Socket.
 *
 * A descriptor has one watch per loop, with a callback for each direction and a queue of waits
 * beside it. So callbacks and waits do not replace each other, and waits are served in order.
 */
import { bindStores } from '../core/context/async-stores.ts';
import { checkCallback } from '../core/debug/debug.ts';
import { errnoError, errnoOf } from '../core/errors/errno.ts';
import { RuntimeError } from '../core/errors/errors.ts';
import type { CompletionTarget, EventLoop } from '../core/loop/event-loop.ts';
import { type Callback, Handle } from '../core/loop/handle.ts';
import { describe } from '../core/support/describe.ts';
import {
  COMPLETION_OP_CLOSED,
  COMPLETION_OP_POLL,
  COMPLETION_RESULT,
  CONTROL_LAST_GENERATION,
  POLL_IN,
  POLL_OUT,
  SUBMISSION_OP_ABORT,
  SUBMISSION_OP_POLL_START,
} from '../native/layout.ts';
import { closedError, Socket, type SocketWatch } from './socket.ts';

/** A descriptor number, or an object with a `fileno()` method. */
export type Descriptor = number | { fileno(): number };

export type Direction = 'reader' | 'writer';

/** Something that waits for a descriptor to be ready. */
export interface Wait {
  /** The descriptor may be ready. @returns whether the wait is over */
  _ready(): boolean;
  /** The descriptor will never be ready. */
  _broken(error: Error): void;
}

/** The watched descriptors of each loop. */
const watches: WeakMap<EventLoop, Map<number, Watch>> = new WeakMap();

/**
 * One watched descriptor. C++ reports readiness once and is asked again after callbacks and waits
 * have run, which makes it level-triggered: a descriptor that is still ready is reported again.
 */
class Watch implements CompletionTarget, SocketWatch {
  readonly _generation: number;
  readonly #loop: EventLoop;
  readonly #handle: number;
  readonly #descriptor: number;
  /** The Socket that owns the descriptor: between waits, the watch is then kept but not armed. */
  #socket: Socket | null = null;
  #closing = false;
  #idle = false;
  /** The events that C++ was asked for and has not reported yet. */
  #armed = 0;
  readonly reader: Wait[] = [];
  readonly writer: Wait[] = [];
  readCallback: Handle | null = null;
  writeCallback: Handle | null = null;

  constructor(loop: EventLoop, descriptor: number) {
    const handle = loop._engine.watch(descriptor);
    if (handle < 0) throw watchError(descriptor, handle);
    this.#loop = loop;
    this.#descriptor = descriptor;
    this.#handle = handle;
    this._generation = loop._rings.control[CONTROL_LAST_GENERATION]!;
    loop._register(handle, this._generation, this);
  }

  /** Keeps the watch until the socket is closed. */
  belongTo(socket: Socket): void {
    this.#socket = socket;
    socket._watches.add(this);
  }

  _complete(op: number, words: Int32Array, at: number): void {
    if (op === COMPLETION_OP_CLOSED) {
      if (!this.#closing) this.#fail(errnoError('EBADF', 'epoll_ctl'));
      this.#awake();
      this.#loop._unregister(this.#handle);
      return;
    }
    if (op !== COMPLETION_OP_POLL || this.#closing) return;
    this.#armed = 0;
    const result = words[at + COMPLETION_RESULT]!;
    if (result < 0) {
      this.#fail(errnoError(result, 'epoll_ctl'));
      return;
    }
    const { readCallback, writeCallback } = this;
    if ((result & POLL_IN) !== 0) {
      serve(this.reader);
      readCallback?._run();
    }
    if ((result & POLL_OUT) !== 0) {
      serve(this.writer);
      if (this.writeCallback === writeCallback) writeCallback?._run();
    }
    this.settle();
  }

  /** Arms the events that are waited for, or ends the watch when there are none. */
  settle(): void {
    if (this.#closing) return;
    const reads = this.reader.length > 0 || this.readCallback !== null;
    const writes = this.writer.length > 0 || this.writeCallback !== null;
    const flags = (reads ? POLL_IN : 0) | (writes ? POLL_OUT : 0);
    if (flags === 0 && this.#socket === null) {
      this.close();
      return;
    }
    if (flags === 0) this.#rest();
    else this.#awake();
    if (flags === this.#armed) return;
    this.#armed = flags;
    this.#loop._rings.submit(SUBMISSION_OP_POLL_START, this.#handle, this._generation, flags);
  }

  /** Without waits, a watch does not keep the process alive. */
  #rest(): void {
    if (this.#idle) return;
    this.#idle = true;
    this.#loop._rings.reference(-1);
  }

  #awake(): void {
    if (!this.#idle) return;
    this.#idle = false;
    this.#loop._rings.reference(1);
  }

  /** The descriptor cannot be watched, or no longer: its number may have been reused. */
  #fail(error: Error): void {
    const waits = [...this.reader.splice(0), ...this.writer.splice(0)];
    const called = this.readCallback !== null || this.writeCallback !== null;
    this.readCallback?.cancel();
    this.writeCallback?.cancel();
    this.close();
    for (const wait of waits) wait._broken(error);
    if (!called) return;
    const closed = ['EBADF', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '');
    this.#loop.callExceptionHandler({
      message: closed
        ? `descriptor ${this.#descriptor} was closed while it was watched; ` +
          'removeReader() and removeWriter() come first'
        : `descriptor ${this.#descriptor} cannot be watched`,
      exception: error,
    });
  }

  _socketGone(): void {
    const waits = [...this.reader.splice(0), ...this.writer.splice(0)];
    this.readCallback?.cancel();
    this.writeCallback?.cancel();
    this.close();
    // Submit at once: the number may be reused right after this.
    if (!this.#loop.isClosed()) this.#loop._engine.submit();
    for (const wait of waits) wait._broken(closedError('poll'));
  }

  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.readCallback = null;
    this.writeCallback = null;
    const all = watches.get(this.#loop);
    if (all?.get(this.#descriptor) === this) all.delete(this.#descriptor);
    this.#socket?._watches.delete(this);
    if (this.#loop.isClosed()) return;
    this.#awake();
    this.#loop._rings.submit(SUBMISSION_OP_ABORT, this.#handle, this._generation);
  }
}

/** Serves waits in order, until one is not done. */
function serve(waits: Wait[]): void {
  while (waits.length > 0 && waits[0]!._ready()) waits.shift();
}

/** Waits until a socket is ready; `stopWaiting` undoes it. */
export function awaitReady(
  loop: EventLoop,
  socket: Socket,
  direction: Direction,
  wait: Wait,
): void {
  const watch = watchOf(loop, socket._open('poll'), socket);
  watch[direction].push(wait);
  watch.settle();
}

/** Whether there are earlier waits, which come first. */
export function isWaitedFor(loop: EventLoop, socket: Socket, direction: Direction): boolean {
  const watch = watches.get(loop)?.get(socket.fileno());
  return watch !== undefined && watch[direction].length > 0;
}

/** Removes a wait. */
export function stopWaiting(
  loop: EventLoop,
  socket: Socket,
  direction: Direction,
  wait: Wait,
): void {
  const watch = watches.get(loop)?.get(socket.fileno());
  const place = watch === undefined ? -1 : watch[direction].indexOf(wait);
  if (place < 0) return;
  watch![direction].splice(place, 1);
  watch!.settle();
}

const CALLBACKS = { reader: 'readCallback', writer: 'writeCallback' } as const;

/** Sets the callback of one direction; an earlier one is cancelled, the other direction stays. */
export function addWatch(
  loop: EventLoop,
  where: string,
  given: Descriptor,
  direction: Direction,
  callback: Callback,
  args: unknown[],
): void {
  loop._checkClosed();
  const descriptor = descriptorOf(where, given);
  if (descriptor < 0) throw new RangeError(`${where}(): ${describe(given)} is closed`);
  if (typeof callback !== 'function') {
    throw new TypeError(`callback must be a function, not ${typeof callback}`);
  }
  if (loop._debug) checkCallback(where, callback, true);
  const watch = watchOf(loop, descriptor, given instanceof Socket ? given : null);
  const place = CALLBACKS[direction];
  watch[place]?.cancel();
  const handle = new Handle(callback, args);
  if (loop._bindsStores) bindStores(handle, '_run');
  watch[place] = handle;
  watch.settle();
}

/** Removes the callback of one direction. @returns whether there was one */
export function removeWatch(
  loop: EventLoop,
  where: string,
  given: Descriptor,
  direction: Direction,
): boolean {
  const descriptor = descriptorOf(where, given);
  if (loop.isClosed()) return false;
  const watch = watches.get(loop)?.get(descriptor);
  const place = CALLBACKS[direction];
  const handle = watch?.[place] ?? null;
  if (handle === null) {
    // asyncio refuses this too: the descriptor belongs to a transport, not to the caller.
    if (watch === undefined && descriptor >= 0 && loop._engine.serves(descriptor)) {
      throw watchError(descriptor, errnoOf('EBUSY'));
    }
    return false;
  }
  handle.cancel();
  watch![place] = null;
  watch!.settle();
  return true;
}

function watchOf(loop: EventLoop, descriptor: number, socket: Socket | null): Watch {
  let all = watches.get(loop);
  if (all === undefined) watches.set(loop, (all = new Map()));
  let watch = all.get(descriptor);
  if (watch === undefined) all.set(descriptor, (watch = new Watch(loop, descriptor)));
  if (socket !== null) watch.belongTo(socket);
  return watch;
}

function watchError(descriptor: number, errno: number): Error {
  if (errno === errnoOf('EBUSY')) {
    return new RuntimeError(`File descriptor ${descriptor} is used by a transport`);
  }
  return errnoError(errno, 'epoll_ctl');
}

/** The descriptor number; -1 for an object whose descriptor is closed. */
function descriptorOf(where: string, given: unknown): number {
  const hasOne =
    typeof given === 'object' &&
    given !== null &&
    typeof (given as { fileno?: unknown }).fileno === 'function';
  const number: unknown = hasOne ? (given as { fileno(): unknown }).fileno() : given;
  if (Number.isInteger(number) && (number as number) >= (hasOne ? -1 : 0)) return number as number;
  throw new RangeError(
    `${where}(): descriptor must be a non-negative integer, or have one (fileno()), ` +
      `not ${describe(given)}`,
  );
}
