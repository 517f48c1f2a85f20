/** Bodies that are forms. */
import { futureOfPromise } from '../../core/task/coroutine.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Future } from '../../core/future/future.ts';
import { HttpError } from './http-error.ts';
import type { IncomingBody } from './incoming-body.ts';
import { toBytes, toText } from './incoming-body.ts';

/** The fields of a form that arrives as `body`; see `Request.formData`. */
export function collectForm(body: IncomingBody, type: string, loop: EventLoop): Future<FormData> {
  const form = loop.createFuture<FormData>();
  const kind = type.split(';', 1)[0]!.trim().toLowerCase();
  if (kind === 'application/x-www-form-urlencoded') {
    follow(
      body._claim((bytes) => fromQuery(toText(bytes))),
      form,
      (made) => {
        form.setResult(made);
      },
    );
  } else if (kind === 'multipart/form-data') {
    follow(body._claim(toBytes), form, (bytes) => fromParts(bytes, type, form, loop));
  } else {
    const given = kind === '' ? 'a body of no type' : kind;
    form.setException(new HttpError(415, `a form was expected, not ${given}`));
  }
  return form;
}

/** Hands on what comes of `from`, unless nobody wants the form any more. */
function follow<T>(from: Future<T>, form: Future<FormData>, then: (value: T) => void): void {
  from.addDoneCallback(() => {
    if (form.done()) return;
    let value: T;
    try {
      value = from.result();
    } catch (error) {
      form.setException(error);
      return;
    }
    then(value);
  });
  form.addDoneCallback(() => {
    if (form.cancelled()) from.cancel();
  });
}

function fromQuery(text: string): FormData {
  const form = new FormData();
  for (const [name, value] of new URLSearchParams(text)) form.append(name, value);
  return form;
}

/** By the parser that Node keeps for `fetch`. */
function fromParts(bytes: Uint8Array, type: string, form: Future<FormData>, loop: EventLoop): void {
  const headers = { 'content-type': type };
  const parsed = new globalThis.Response(bytes as Uint8Array<ArrayBuffer>, { headers }).formData();
  const made = futureOfPromise(parsed as Promise<FormData>, { loop });
  made.addDoneCallback(() => {
    if (form.done()) return;
    const cause = made.exception();
    if (cause === null) form.setResult(made.result());
    else form.setException(new HttpError(400, 'the multipart form is broken', { cause }));
  });
}
