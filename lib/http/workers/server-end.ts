/** The end of a server, and its waiters. */
import { failedFuture } from '../../core/future/done-future.ts';
import type { Future } from '../../core/future/future.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { abortedBefore, abortedFirst, abortWith, type SignalOptions } from '../../tasks/abort.ts';
import { onTermination } from './termination.ts';

/** A server that can be ended. */
interface Ending {
  /** Whether it has begun to end. */
  readonly _stopping: boolean;
  close(): void;
  shutdown(): unknown;
}

export class ServerEnd {
  readonly #loop: EventLoop;
  readonly #server: Ending;
  readonly #over: Future<void>;

  constructor(loop: EventLoop, server: Ending) {
    this.#loop = loop;
    this.#server = server;
    this.#over = loop.createFuture<void>();
  }

  get isOver(): boolean {
    return this.#over.done();
  }

  /** Reports that the server has ended. @param error - the error of its hooks, or null */
  tell(error: unknown): void {
    if (error === null) this.#over.setResult(undefined);
    else this.#over._fail(error);
  }

  onEnd(callback: () => void): void {
    this.#over.addDoneCallback(callback);
  }

  /** Implements `shutdown`: calls `begin` even if the signal was aborted before. */
  after(begin: () => void, signal: AbortSignal | null | undefined): Future<void> {
    const aborted = abortedBefore(signal);
    begin();
    if (aborted !== null) return failedFuture({ loop: this.#loop }, aborted);
    return abortWith(this.#wait(), signal);
  }

  /** Implements `waitClosed`. */
  wait(options: SignalOptions): Future<void> {
    const aborted = abortedFirst('waitClosed()', options);
    if (aborted !== null) return failedFuture({ loop: this.#loop }, aborted);
    return abortWith(this.#wait(), options.signal);
  }

  /** Implements `serveForever`. */
  serve(options: SignalOptions): Future<void> {
    const server = this.#server;
    const aborted = abortedFirst('serveForever()', options);
    if (aborted !== null) {
      server.close();
      return failedFuture({ loop: this.#loop }, aborted);
    }
    const waiting = this.#wait();
    const leave = onTermination(this.#loop, () => {
      if (server._stopping) server.close();
      else void server.shutdown();
    });
    waiting.addDoneCallback(() => {
      leave();
      if (waiting.cancelled() || waiting.exception() !== null) server.close();
    });
    return abortWith(waiting, options.signal);
  }

  /** A separate future for each caller, so that cancelling it does not affect others. */
  #wait(): Future<void> {
    const waiting = this.#loop.createFuture<void>();
    const settle = (): void => {
      if (waiting.done()) return;
      const error = this.#over.exception();
      if (error === null) waiting.setResult(undefined);
      else waiting._fail(error);
    };
    if (this.#over.done()) settle();
    else this.#over.addDoneCallback(settle);
    return waiting;
  }
}
