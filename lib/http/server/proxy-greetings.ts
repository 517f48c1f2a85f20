/** Connections of trusted proxies whose PROXY header was not received yet. */
import { errnoOf } from '../../core/errors/errno.ts';
import type { CompletionTarget, EventLoop } from '../../core/loop/event-loop.ts';
import type { TimerHandle } from '../../core/loop/handle.ts';
import { discard } from '../../io/native-stream.ts';
import {
  COMPLETION_OP_CLOSED,
  COMPLETION_OP_READABLE,
  READ_DIRECT,
  SUBMISSION_OP_MESSAGE_PREFACE,
  SUBMISSION_OP_READ_START,
  SUBMISSION_OP_READ_STOP,
} from '../../native/layout.ts';
import { ProxyHeader } from './proxy-header.ts';
import type { ProxySource } from './proxy-header.ts';

/** How many may wait for a header; beyond that the oldest is dropped. */
const GREETINGS_MAX = 1024;

/** Called with the header's content; the caller owns the connection from then on. */
type Greeted = (source: ProxySource | null) => void;

export class ProxyGreetings {
  readonly #loop: EventLoop;
  readonly #seconds: number;
  readonly #pending: Set<Greeting> = new Set();

  /** @param seconds - how long a header may take */
  constructor(loop: EventLoop, seconds: number) {
    this.#loop = loop;
    this.#seconds = seconds;
  }

  /**
   * Reads the header of a connection. A connection whose header is malformed or late is dropped.
   */
  read(handle: number, generation: number, greeted: Greeted): void {
    const greeting: Greeting = new Greeting(
      this.#loop,
      handle,
      generation,
      this.#seconds,
      (error, source) => {
        this.#pending.delete(greeting);
        if (error === null) greeted(source);
        else if (this.#loop.getDebug()) process.emitWarning(error.message, 'OxbowWarning');
      },
    );
    this.#pending.add(greeting);
    if (this.#pending.size <= GREETINGS_MAX) return;
    for (const oldest of this.#pending) return oldest.fail(new Error('a proxy was pushed out'));
  }

  /** Drops the connections whose header was not received yet. */
  close(): void {
    for (const greeting of this.#pending) greeting.fail(new Error('the server is closed'));
  }
}

/** Reads the header from the socket, and not a byte more. */
class Greeting implements CompletionTarget {
  readonly _loop: EventLoop;
  readonly _handle: number;
  readonly _generation: number;
  readonly #done: (error: Error | null, source: ProxySource | null) => void;
  readonly #header = new ProxyHeader();
  readonly #timer: TimerHandle;

  constructor(
    loop: EventLoop,
    handle: number,
    generation: number,
    seconds: number,
    done: (error: Error | null, source: ProxySource | null) => void,
  ) {
    this._loop = loop;
    this._handle = handle;
    this._generation = generation;
    this.#done = done;
    this.#timer = loop.callLater(seconds, () => {
      this.fail(new Error(`a proxy has not said within ${seconds} s for whom it comes`));
    });
    loop._register(handle, generation, this);
    loop._rings.submit(SUBMISSION_OP_MESSAGE_PREFACE, handle, generation, 1);
    loop._rings.submit(SUBMISSION_OP_READ_START, handle, generation, READ_DIRECT);
  }

  _complete(op: number): void {
    if (op === COMPLETION_OP_READABLE) this.#read();
    else if (op === COMPLETION_OP_CLOSED) this.#end(gone(), null);
    else this.fail(gone());
  }

  #read(): void {
    const { engine } = this._loop._rings;
    const header = this.#header;
    while (!header.done) {
      const count = engine.receive(this._handle, this._generation, header.room);
      if (count === errnoOf('EAGAIN')) return;
      if (count <= 0) return this.fail(gone());
      try {
        header.took(count);
      } catch (error) {
        return this.fail(error as Error);
      }
    }
    const { _handle: handle, _generation: generation } = this;
    this._loop._rings.submit(SUBMISSION_OP_READ_STOP, handle, generation);
    this._loop._rings.submit(SUBMISSION_OP_MESSAGE_PREFACE, handle, generation, 0);
    this.#end(null, header.source);
  }

  fail(error: Error): void {
    this.#end(error, null);
    discard(this._loop, this._handle, this._generation);
  }

  #end(error: Error | null, source: ProxySource | null): void {
    this.#timer.cancel();
    this._loop._unregister(this._handle);
    this.#done(error, source);
  }
}

function gone(): Error {
  return new Error('a proxy has gone before it has said for whom it comes');
}
