/** Limits how long handlers may take. */
import { TimeoutError } from '../../core/errors/errors.ts';
import type { Future } from '../../core/future/future.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { HttpError } from '../message/http-error.ts';
import { dropPieces } from '../message/pump-body.ts';
import type { BodyStream } from '../message/outgoing-body.ts';
import { startedBy } from '../message/started-by.ts';
import type { Endpoint } from './middleware-chain.ts';
import type { Request } from './request.ts';
import { Response } from './response.ts';

/** An endpoint that fails with HttpError 504 when the given one takes longer than `seconds`. */
export function limitTime(endpoint: Endpoint, seconds: number): Endpoint {
  return (request, server) => {
    const result = endpoint(request, server);
    if (result instanceof Response) return result;
    const answer = startedBy(server._loop, result);
    if (answer === null) return result;
    return within(server._loop, request, answer, seconds) as Future<Response>;
  };
}

/**
 * The result of the future, or HttpError 504 after `seconds`. The work is then cancelled, but not
 * waited for: an `async` function that awaits a foreign Promise may never end.
 */
export function within<T>(
  loop: EventLoop,
  request: Request,
  answer: Future<T>,
  seconds: number,
): Future<T> {
  if (answer.done()) return answer;
  const limited = loop.createFuture<T>();
  const timer = loop.callLater(seconds, () => {
    if (limited.done()) return;
    limited.setException(new HttpError(504));
    request._abortWith(new TimeoutError(`the answer took longer than ${seconds} s`));
    answer.cancel('the answer takes too long');
  });
  limited.addDoneCallback(() => {
    timer.cancel();
    if (limited.cancelled()) answer.cancel('cancelled');
  });
  answer.addDoneCallback(() => {
    if (limited.done()) dropLate(answer);
    else if (answer.cancelled()) limited.cancel();
    else settle(limited, answer);
  });
  return limited;
}

function settle<T>(limited: Future<T>, answer: Future<T>): void {
  const error = answer.exception();
  if (error === null) limited.setResult(answer.result());
  else limited._fail(error);
}

/** Closes the body of a response that came too late. An error that came too late is ignored. */
function dropLate(answer: Future<unknown>): void {
  if (answer.cancelled() || answer.exception() !== null) return;
  const late = answer.result();
  if (late instanceof Response && late._streams) dropPieces(late._body as BodyStream);
}
