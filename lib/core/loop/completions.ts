/** Completions: what C++ reports about handles, and the targets that receive it. */
import { inspect } from 'node:util';

import {
  COMPLETION_BYTES,
  COMPLETION_CAPACITY,
  COMPLETION_GENERATION,
  COMPLETION_HANDLE,
  COMPLETION_OP,
  COMPLETION_OP_RESOLVED,
  COMPLETION_OP_SPAWNED,
  COMPLETION_OP_WAKE,
  CONTROL_COMPLETION_HEAD,
} from '../../native/layout.ts';
import type { Rings, Runnable } from '../../native/rings.ts';
import { isA, KeyboardInterrupt } from '../errors/errors.ts';
import type { EventLoop } from './event-loop.ts';
import { current, NO_VALUES } from '../context/running.ts';

/** What receives the completions of a native handle. */
export interface CompletionTarget {
  /** Generation of the handle; completions of an older one are dropped. */
  _generation: number;
  /** One completion: `words[at + COMPLETION_RESULT]` and so on. Runs inside the dispatch. */
  _complete(op: number, words: Int32Array, at: number): void;
}

/** Receives the completions of name lookups, by the number of the request. */
export interface Lookups {
  complete(request: number, words: Int32Array, at: number): void;
}

/** What hears of programs that have started, or could not, by the number of the request. */
export interface Starts {
  complete(request: number): void;
}

/** What takes the posts of other threads; it is there once the loop has an inbox. */
export interface PostsTarget {
  /** Posts have arrived. Called inside the dispatch. */
  drain(): void;
  /** The loop was closed. */
  closed(): void;
}

const WORDS = COMPLETION_BYTES / 4;

/** The names of completions in traces and warnings, by their op. */
const NAMES: readonly string[] = [
  'nothing',
  'accepted',
  'accepting failed',
  'connected',
  'data',
  'readable',
  'end',
  'failed',
  'drained',
  'closed',
  'ready',
  'resolved',
  'wake',
  'message head',
  'message body',
  'message end',
  'message failed',
  'layer asks',
  'exited',
  'datagrams',
  'datagram error',
  'WebSocket message',
  'WebSocket control',
  'WebSocket failed',
  'started',
];

/** A completion as an entry of the ready queue; made only while the loop is observed. */
class Completion implements Runnable {
  readonly #completions: Completions;
  readonly #place: number;
  readonly #text: string;

  constructor(completions: Completions, place: number) {
    this.#completions = completions;
    this.#place = place;
    // Described now, since its target may be gone after delivery.
    this.#text = completions.describe(place);
  }

  _run(): void {
    this.#completions.deliver(this.#place);
  }

  toString(): string {
    return this.#text;
  }

  [inspect.custom](): string {
    return this.#text;
  }
}

/** The targets of a loop by handle. */
export class Completions {
  readonly #loop: EventLoop;
  readonly #rings: Rings;
  readonly #targets: Array<CompletionTarget | undefined> = [];

  constructor(loop: EventLoop, rings: Rings) {
    this.#loop = loop;
    this.#rings = rings;
  }

  /** Sends a handle's completions to `target`; keeps the process alive. */
  register(handle: number, generation: number, target: CompletionTarget): void {
    this.#rings.growBacklog(handle);
    while (this.#targets.length < handle) this.#targets.push(undefined);
    target._generation = generation;
    this.#targets[handle] = target;
    this.#rings.reference(1);
  }

  unregister(handle: number): void {
    if (this.#targets[handle] === undefined) return;
    this.#targets[handle] = undefined;
    this.#rings.reference(-1);
  }

  /** The completion at `place` as a Runnable, for observers. */
  at(place: number): Runnable {
    return new Completion(this, place);
  }

  /** A description of the completion at `place`, for observers. */
  describe(place: number): string {
    const words = this.#rings.completions;
    const at = (place & (COMPLETION_CAPACITY - 1)) * WORDS;
    const op = words[at + COMPLETION_OP]!;
    const name = NAMES[op] ?? `completion ${op}`;
    const target = this.#targets[words[at + COMPLETION_HANDLE]!];
    return target === undefined ? name : `${target.constructor.name} ${name}`;
  }

  /** Delivers the completion at `place` in the ring. */
  deliver(place: number): void {
    const { control, completions: words } = this.#rings;
    const at = (place & (COMPLETION_CAPACITY - 1)) * WORDS;
    const op = words[at + COMPLETION_OP]!;
    const handle = words[at + COMPLETION_HANDLE]!;
    try {
      if (op === COMPLETION_OP_RESOLVED) {
        this.#loop._lookups?.complete(handle, words, at);
      } else if (op === COMPLETION_OP_SPAWNED) {
        this.#loop._starts?.complete(handle);
      } else if (op === COMPLETION_OP_WAKE) {
        this.#loop._posts?.drain();
      } else {
        const target = this.#targets[handle];
        if (target !== undefined && target._generation === words[at + COMPLETION_GENERATION]) {
          current.values = NO_VALUES;
          target._complete(op, words, at);
        }
      }
    } catch (exception) {
      if (isA(exception, KeyboardInterrupt)) throw exception;
      this.#loop.callExceptionHandler({ message: 'Exception in a completion', exception });
    } finally {
      // Only after the call: until then C++ must not overwrite the entry.
      control[CONTROL_COMPLETION_HEAD] = control[CONTROL_COMPLETION_HEAD]! + 1;
    }
  }
}
