/**
 * How a cancel goes through futures that stand for others (`gather`, `waitFor`), which may stand
 * for others in turn: a list of 10,000 of them within each other is deeper than the stack is.
 */
import { Future, PENDING } from '../core/future/future.ts';

/** A future whose cancel goes to others. */
export interface Passing extends Future<any> {
  /** @internal Notes that it is to be cancelled, before anybody hears of it. */
  _beginCancel(reason: unknown): Passed;
}

/** A cancel on its way. */
export interface Passed {
  /** Those that it goes to. */
  readonly to: readonly Future<any>[];
  /** None of them could be cancelled. */
  refused(): void;
}

/** One future on the path from the outermost to the one that is being cancelled. */
class Step {
  readonly #passed: Passed;
  #at = 0;
  reached = false;

  constructor(future: Passing, reason: unknown) {
    this.#passed = future._beginCancel(reason);
  }

  next(): Future<any> | undefined {
    return this.#passed.to[this.#at++];
  }

  end(): boolean {
    if (!this.reached) this.#passed.refused();
    return this.reached;
  }
}

/** Cancels those that a pending future stands for. @returns whether it reached any of them */
export function passCancelOn(outermost: Passing, reason: unknown): boolean {
  const path = [new Step(outermost, reason)];
  for (;;) {
    const step = path.at(-1)!;
    const future = step.next();
    if (future === undefined) {
      const reached = step.end();
      path.pop();
      if (path.length === 0) return reached;
      if (reached) path.at(-1)!.reached = true;
    } else if (future._state === PENDING && passes(future)) path.push(new Step(future, reason));
    else if (future.cancel(reason)) step.reached = true;
  }
}

function passes(future: Future<any>): future is Passing {
  return '_beginCancel' in future;
}
