/**
 * Errors that nobody looked at. A failed future is watched until someone takes its error; when the
 * garbage collector gets it first, the loop's exception handler is told. Nothing fatal happens.
 */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import { describe } from './describe.ts';
import { isA } from './errors.ts';
import type { Future } from './future.ts';

interface Lost {
  loop: WeakRef<AbstractEventLoop>;
  exception: unknown;
  kind: string;
  sourceTraceback: string | undefined;
}

let registry: FinalizationRegistry<Lost> | undefined;

/** Starts to watch a future that has just failed. */
export function watchForRetrieval(future: Future<any>, exception: unknown): void {
  registry ??= new FinalizationRegistry(report);
  // Until its stack is made into text, an error holds the objects whose methods were running when
  // it was made; one of them is the task itself, which then could never be collected.
  if (isA(exception, Error)) void exception.stack;
  registry.register(future, {
    loop: new WeakRef(future._loop),
    exception,
    kind: describe(future),
    sourceTraceback: future._source(),
  }, future);
}

/** Someone has taken the error. */
export function forgetRetrieval(future: Future<any>): void {
  registry?.unregister(future);
}

/** The future is gone by now, so its description stands in for it. */
function report({ loop, exception, kind, sourceTraceback }: Lost): void {
  loop.deref()?.callExceptionHandler({
    message: `${/^<\w*Task /.test(kind) ? 'Task' : 'Future'} exception was never retrieved`,
    exception,
    description: kind,
    ...(sourceTraceback === undefined ? {} : { sourceTraceback }),
  });
}
