import type { EventLoop } from '../core/event-loop.ts';
import type { Future } from '../core/future.ts';
import type { IncomingBody } from './incoming-body.ts';
/** The fields of a form that arrives as `body`; see `Request.formData`. */
export declare function collectForm(body: IncomingBody, type: string, loop: EventLoop): Future<FormData>;
