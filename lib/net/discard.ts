import type { CompletionTarget, EventLoop } from '../core/event-loop.ts';
import { COMPLETION_OP_CLOSED, SUBMISSION_OP_ABORT } from '../native/layout.ts';

/** A handle that nobody wants any more; stays registered until C++ has closed it. */
class Discarded implements CompletionTarget {
  readonly _loop: EventLoop;
  readonly _handle: number;
  readonly _generation: number;

  constructor(loop: EventLoop, handle: number, generation: number) {
    this._loop = loop;
    this._handle = handle;
    this._generation = generation;
  }

  _complete(op: number): void {
    if (op === COMPLETION_OP_CLOSED) this._loop._unregister(this._handle);
  }
}

/** Closes a handle that has no target of its own (yet, or any more). */
export function discard(loop: EventLoop, handle: number, generation: number): void {
  loop._register(handle, generation, new Discarded(loop, handle, generation));
  loop._rings.submit(SUBMISSION_OP_ABORT, handle, generation);
}
