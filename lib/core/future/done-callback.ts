/** An entry of `addDoneCallback`. */
import type { Runnable } from '../../native/rings.ts';
import { functionName } from '../support/describe.ts';
import { isA, KeyboardInterrupt } from '../errors/errors.ts';
import type { Future, Waiter } from './future.ts';
import { captureValues, current } from '../context/running.ts';
import type { Values } from '../context/running.ts';

const AWAITER: unique symbol = Symbol('awaiter');

/** Marks a callback as one through which `awaiter` waits, so that the call graph shows it. */
export function onBehalfOf<C extends (future: any) => unknown>(
  awaiter: Future<any>,
  callback: C,
): C {
  return Object.assign(callback, { [AWAITER]: awaiter });
}

export class DoneCallback implements Waiter, Runnable {
  readonly _future: Future<any>;
  readonly _callback: (future: Future<any>) => unknown;
  readonly _values: Values;

  constructor(future: Future<any>, callback: (future: Future<any>) => unknown) {
    this._future = future;
    this._callback = callback;
    this._values = captureValues();
  }

  _wake(): void {
    this._future._loop._enqueue(this);
  }

  *_awaiters(): Generator<Future<any>> {
    const awaiter = (this._callback as { [AWAITER]?: Future<any> })[AWAITER];
    if (awaiter !== undefined) yield awaiter;
  }

  _text(): string {
    return `${functionName(this._callback)}()`;
  }

  _run(): unknown {
    current.values = this._values;
    try {
      return this._callback(this._future);
    } catch (exception) {
      if (isA(exception, KeyboardInterrupt)) throw exception;
      this._future._loop.callExceptionHandler({
        message: `Exception in callback ${functionName(this._callback)}()`,
        exception,
        future: this._future,
      });
      return undefined;
    }
  }
}
