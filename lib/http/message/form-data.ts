/** Reading forms from request bodies. */
import type { Coro } from '../../core/support/types.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Future } from '../../core/future/future.ts';
import type { FormLimits } from './form-limits.ts';
import { tooLarge } from './form-limits.ts';
import { HttpError } from './http-error.ts';
import type { IncomingBody } from './incoming-body.ts';
import { toText } from './incoming-body.ts';
import { readMultipart } from './multipart-reader.ts';
import { Uploads } from './uploads.ts';

/**
 * The fields of a form that arrives as `body`; see `Request.formData`.
 * @param keep - called with the uploads, which must be removed when the request is over
 */
export function collectForm(
  body: IncomingBody,
  type: string,
  limits: FormLimits,
  loop: EventLoop,
  keep: (uploads: Uploads) => void,
): Future<FormData> {
  const kind = type.split(';', 1)[0]!.trim().toLowerCase();
  if (kind === 'application/x-www-form-urlencoded') {
    return body._claim((bytes) => fromQuery(toText(bytes), limits));
  }
  if (kind !== 'multipart/form-data') {
    const form = loop.createFuture<FormData>();
    const given = kind === '' ? 'a body of no type' : kind;
    form.setException(new HttpError(415, `a form was expected, not ${given}`));
    return form;
  }
  body._begin();
  return loop._startTask(multipart(body, type, limits, keep)) as Future<FormData>;
}

function* multipart(
  body: IncomingBody,
  type: string,
  limits: FormLimits,
  keep: (uploads: Uploads) => void,
): Coro<FormData> {
  const uploads = new Uploads(limits.memory, limits.folder);
  keep(uploads);
  try {
    return yield* readMultipart(body, type, limits, uploads);
  } catch (error) {
    uploads.remove();
    throw error;
  }
}

function fromQuery(text: string, { maxParts, maxFieldSize }: FormLimits): FormData {
  const form = new FormData();
  let parts = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    if (++parts > maxParts) throw tooLarge(`more than ${maxParts} fields`);
    if (Buffer.byteLength(value) > maxFieldSize) {
      throw tooLarge(`a field of more than ${maxFieldSize} bytes`);
    }
    form.append(name, value);
  }
  return form;
}
