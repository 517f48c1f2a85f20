/** What few requests have: it is made when it is needed. */
import { sizeOfBody } from '../message/outgoing-body.ts';
import type { ContextValues } from './context-key.ts';
import { ownResponse } from './own-response.ts';
import type { Response } from './response.ts';

/** Changes a response before it is sent. */
export type ResponseHook = (response: Response) => void;

/** Told when the answer is out, or given up: then there is no status. */
export type FinishHook = (status: number | null, bytes: number | null) => void;

export class RequestExtras {
  values: ContextValues | null = null;
  /** Its handler is cancelled when its client goes away. */
  cancels = false;
  /** Bytes of its body, when it may have fewer than the server takes. */
  maxBodySize: number | null = null;
  #prepare: ResponseHook[] = [];
  #finish: FinishHook[] = [];
  #status: number | null = null;
  #bytes: number | null = null;

  onResponse(hook: ResponseHook): void {
    this.#prepare.push(hook);
  }

  onFinish(hook: FinishHook): void {
    this.#finish.push(hook);
  }

  /** The response as it goes out. What was noted last comes first, as middleware is left. */
  prepared(response: Response): Response {
    const hooks = this.#prepare;
    let own = response;
    if (hooks.length !== 0) {
      // Taken away first: the response of the error of a hook does not see them again.
      this.#prepare = [];
      own = ownResponse(response);
      for (const hook of hooks.reverse()) hook(own);
    }
    this.#status = own.status;
    this.#bytes = sizeOfBody(own._body);
    return own;
  }

  finished(): void {
    for (const hook of this.#finish) hook(this.#status, this.#bytes);
  }
}
