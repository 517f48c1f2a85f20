/**
 * Connecting to a host that has several addresses: one after the other, or, with a delay, as Happy
 * Eyeballs does (RFC 8305): the next attempt starts when the one before fails or the delay has
 * passed, the first to connect wins and the others are dropped.
 */
import { errnoError } from '../core/errors/errno.ts';
import type { CompletionTarget, EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
import type { TimerHandle } from '../core/loop/handle.ts';
import type { MessageLimits } from '../native/binding.ts';
import {
  COMPLETION_OP_CLOSED,
  COMPLETION_OP_CONNECT,
  COMPLETION_OP_FAILED,
  COMPLETION_RESULT,
  CONTROL_LAST_GENERATION,
  SUBMISSION_OP_ABORT,
} from '../native/layout.ts';
import { discard } from './native-stream.ts';
import type { Endpoint } from './names.ts';

/** Seconds without an answer after which the next address is tried in parallel. */
export const NEXT_AFTER = 0.25;

/** A connected handle that has no target yet. */
export interface Connected {
  handle: number;
  generation: number;
  /** The peer's address. */
  endpoint: Endpoint;
}

/** Options of a connect race. */
export interface RaceOptions {
  /** Seconds before the next attempt starts in parallel; null: only once the last one failed. */
  delay: number | null;
  /** Our own addresses to choose from by family; null: the system chooses. */
  locals?: readonly Endpoint[] | null;
  /** `SOCKET_…` of the layout; default none. */
  flags?: number;
  /** Limits for the responses on an HTTP connection; null for the defaults. */
  limits?: MessageLimits | null;
}

/** The local address when the system chooses it. */
const ANY = { address: '', port: 0 };

/** One connection attempt. */
class Attempt implements CompletionTarget {
  readonly _generation: number;
  readonly #handle: number;
  readonly #race: ConnectRace;
  readonly #endpoint: Endpoint;
  #over = false;

  constructor(race: ConnectRace, endpoint: Endpoint, handle: number, generation: number) {
    this.#race = race;
    this.#endpoint = endpoint;
    this.#handle = handle;
    this._generation = generation;
    race.loop._register(handle, generation, this);
  }

  _complete(op: number, words: Int32Array, at: number): void {
    if (op === COMPLETION_OP_CLOSED) {
      this.#race.loop._unregister(this.#handle);
      return;
    }
    if (this.#over || (op !== COMPLETION_OP_CONNECT && op !== COMPLETION_OP_FAILED)) return;
    const result = words[at + COMPLETION_RESULT]!;
    if (result < 0) {
      this.drop();
      this.#race._failed(this, errnoError(result, 'connect', this.#endpoint));
      return;
    }
    this.#over = true;
    this.#race.loop._unregister(this.#handle);
    const { _generation: generation } = this;
    this.#race._won(this, { handle: this.#handle, generation, endpoint: this.#endpoint });
  }

  drop(): void {
    if (this.#over) return;
    this.#over = true;
    this.#race.loop._rings.submit(SUBMISSION_OP_ABORT, this.#handle, this._generation);
  }
}

export class ConnectRace {
  readonly loop: EventLoop;
  readonly winner: Future<Connected>;
  readonly errors: Error[] = [];
  readonly #endpoints: readonly Endpoint[];
  readonly #options: RaceOptions;
  readonly #running = new Set<Attempt>();
  #next = 0;
  #timer: TimerHandle | null = null;
  #connected: Connected | null = null;

  /**
   * @param endpoints - in the order to try
   */
  constructor(loop: EventLoop, endpoints: readonly Endpoint[], options: RaceOptions) {
    this.loop = loop;
    this.winner = loop.createFuture();
    this.#endpoints = endpoints;
    this.#options = options;
    this.#advance();
  }

  /** The winner's handle, which is now the caller's to close. */
  take(): Connected {
    const connected = this.#connected!;
    this.#connected = null;
    return connected;
  }

  /** Ends the wait for a winner; `stop` is still to be called. */
  fail(error: Error): void {
    if (!this.winner.done()) this.winner.setException(error);
  }

  /** Closes the attempts still under way, and a winner that was not taken. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    for (const attempt of this.#running) attempt.drop();
    this.#running.clear();
    if (this.#connected === null) return;
    const { handle, generation } = this.take();
    discard(this.loop, handle, generation);
  }

  /** Starts attempts until one is under way or there are no more addresses. */
  #advance(): void {
    this.#timer?.cancel();
    this.#timer = null;
    while (this.#next < this.#endpoints.length) {
      if (this.#start(this.#endpoints[this.#next++]!)) break;
    }
    const more = this.#next < this.#endpoints.length;
    const { delay } = this.#options;
    if (more && delay !== null) {
      this.#timer = this.loop.callLater(delay, () => this.#advance());
    } else if (!more && this.#running.size === 0 && !this.winner.done()) {
      this.winner.setException(this.errors[0] ?? errnoError('ETIMEDOUT', 'connect'));
    }
  }

  #start(endpoint: Endpoint): boolean {
    const { address, port, family } = endpoint;
    const { locals = null, flags = 0, limits = null } = this.#options;
    const own = locals?.filter((candidate) => candidate.family === family);
    if (own?.length === 0) {
      this.errors.push(new Error(`no matching local address with family IPv${family} found`));
      return false;
    }
    const engine = this.loop._engine;
    let handle = -1;
    // A socket that cannot be created is no reason to give up while there are other addresses.
    for (const local of own ?? [ANY]) {
      handle = engine.connect(address, port, local.address, local.port, flags, limits);
      if (handle >= 0) break;
    }
    if (handle < 0) {
      this.errors.push(errnoError(handle, 'connect', { address, port }));
      return false;
    }
    const generation = this.loop._rings.control[CONTROL_LAST_GENERATION]!;
    this.#running.add(new Attempt(this, endpoint, handle, generation));
    return true;
  }

  _failed(attempt: Attempt, error: Error): void {
    this.#running.delete(attempt);
    this.errors.push(error);
    this.#advance();
  }

  _won(attempt: Attempt, connected: Connected): void {
    this.#running.delete(attempt);
    this.#connected = connected;
    this.stopOthers();
    if (this.winner.done()) this.stop();
    else this.winner.setResult(connected);
  }

  /** The race is decided. */
  stopOthers(): void {
    this.#timer?.cancel();
    this.#timer = null;
    for (const attempt of this.#running) attempt.drop();
    this.#running.clear();
  }
}

/** The other family's addresses after the first `count`, and then in turn (RFC 8305). */
export function interleaved(endpoints: Endpoint[], count: number): Endpoint[] {
  const first = endpoints[0];
  if (count <= 0 || first === undefined) return endpoints;
  const own = endpoints.filter((endpoint) => endpoint.family === first.family);
  const other = endpoints.filter((endpoint) => endpoint.family !== first.family);
  const ordered = own.splice(0, count);
  while (own.length > 0 || other.length > 0) {
    ordered.push(...other.splice(0, 1), ...own.splice(0, 1));
  }
  return ordered;
}
