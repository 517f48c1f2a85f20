/** `addReader` and `addWriter`: callbacks on a descriptor that is not ours. */
import { bindStores } from '../core/context/async-stores.ts';
import { errnoError, errnoOf } from '../core/errors/errno.ts';
import { RuntimeError } from '../core/errors/errors.ts';
import type { CompletionTarget, EventLoop } from '../core/loop/event-loop.ts';
import { type Callback, Handle } from '../core/loop/handle.ts';
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

/** The watched descriptors of each loop. */
const watches: WeakMap<EventLoop, Map<number, Watch>> = new WeakMap();

/**
 * One watched descriptor. C++ tells of readiness once and is asked again after the callbacks have
 * run, which makes it level-triggered: what is still ready is told again.
 */
class Watch implements CompletionTarget {
  readonly _generation: number;
  readonly #loop: EventLoop;
  readonly #handle: number;
  readonly #descriptor: number;
  #closing = false;
  reader: Handle | null = null;
  writer: Handle | null = null;

  constructor(loop: EventLoop, descriptor: number, handle: number, generation: number) {
    this.#loop = loop;
    this.#descriptor = descriptor;
    this.#handle = handle;
    this._generation = generation;
    loop._register(handle, generation, this);
  }

  _complete(op: number, words: Int32Array, at: number): void {
    if (op === COMPLETION_OP_CLOSED) {
      this.#loop._unregister(this.#handle);
      if (!this.#closing) this.#robbed();
      return;
    }
    if (op !== COMPLETION_OP_POLL) return;
    const result = words[at + COMPLETION_RESULT]!;
    // An error or a hang-up concerns both directions: each finds out by trying.
    const flags = result < 0 ? POLL_IN | POLL_OUT : result;
    const { reader, writer } = this;
    if ((flags & POLL_IN) !== 0) reader?._run();
    if ((flags & POLL_OUT) !== 0 && this.writer === writer) writer?._run();
    this.arm();
  }

  arm(): void {
    const flags = (this.reader === null ? 0 : POLL_IN) | (this.writer === null ? 0 : POLL_OUT);
    if (flags === 0) return;
    this.#loop._rings.submit(SUBMISSION_OP_POLL_START, this.#handle, this._generation, flags);
  }

  /** The descriptor's number was given to a socket of ours, so somebody has closed it. */
  #robbed(): void {
    watches.get(this.#loop)?.delete(this.#descriptor);
    this.reader?.cancel();
    this.writer?.cancel();
    this.#loop.callExceptionHandler({
      message:
        `descriptor ${this.#descriptor} was closed while it was watched; ` +
        'removeReader() and removeWriter() come first',
    });
  }

  close(): void {
    this.#closing = true;
    this.#loop._rings.submit(SUBMISSION_OP_ABORT, this.#handle, this._generation);
  }
}

type Direction = 'reader' | 'writer';

/** Sets the callback of one direction; an earlier one is cancelled, the other direction stays. */
export function addWatch(
  loop: EventLoop,
  descriptor: number,
  direction: Direction,
  callback: Callback,
  args: unknown[],
): void {
  loop._checkClosed();
  checkDescriptor(descriptor);
  if (typeof callback !== 'function') {
    throw new TypeError(`callback must be a function, not ${typeof callback}`);
  }
  const watch = watchOf(loop, descriptor);
  watch[direction]?.cancel();
  const handle = new Handle(callback, args);
  if (loop._bindsStores) bindStores(handle, '_run');
  watch[direction] = handle;
  watch.arm();
}

/** Takes the callback of one direction back. @returns whether there was one */
export function removeWatch(loop: EventLoop, descriptor: number, direction: Direction): boolean {
  checkDescriptor(descriptor);
  const all = watches.get(loop);
  const watch = all?.get(descriptor);
  const handle = watch?.[direction];
  if (watch === undefined || handle === null || handle === undefined) return false;
  handle.cancel();
  watch[direction] = null;
  if (watch.reader === null && watch.writer === null) {
    all!.delete(descriptor);
    watch.close();
  } else {
    watch.arm();
  }
  return true;
}

function watchOf(loop: EventLoop, descriptor: number): Watch {
  let all = watches.get(loop);
  if (all === undefined) watches.set(loop, (all = new Map()));
  let watch = all.get(descriptor);
  if (watch !== undefined) return watch;
  const handle = loop._engine.watch(descriptor);
  if (handle === errnoOf('EBUSY')) {
    throw new RuntimeError(`File descriptor ${descriptor} is used by a transport`);
  }
  if (handle < 0) throw errnoError(handle, 'epoll_ctl');
  watch = new Watch(loop, descriptor, handle, loop._rings.control[CONTROL_LAST_GENERATION]!);
  all.set(descriptor, watch);
  return watch;
}

function checkDescriptor(descriptor: unknown): void {
  if (typeof descriptor === 'number' && Number.isInteger(descriptor) && descriptor >= 0) return;
  throw new RangeError(`descriptor must be a non-negative integer, not ${String(descriptor)}`);
}
