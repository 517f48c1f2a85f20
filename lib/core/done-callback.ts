/** An entry of `addDoneCallback`. */
import type { Runnable } from '../native/rings.ts';
import { functionName } from './describe.ts';
import { KeyboardInterrupt } from './errors.ts';
import type { Future, Waiter } from './future.ts';
import { captureValues, current } from './running.ts';
import type { Values } from './running.ts';

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

  _run(): void {
    current.values = this._values;
    try {
      this._callback(this._future);
    } catch (exception) {
      if (exception instanceof KeyboardInterrupt) throw exception;
      this._future._loop.callExceptionHandler({
        message: `Exception in callback ${functionName(this._callback)}()`,
        exception,
        future: this._future,
      });
    }
  }
}
