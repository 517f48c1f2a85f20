/** State that only few requests need, created on demand. */
import { sizeOfBody } from '../message/outgoing-body.ts';
import type { ContextValues } from './context-key.ts';
import { ownResponse } from './own-response.ts';
import type { Response } from './response.ts';

/** Changes a response before it is sent. */
export type ResponseHook = (response: Response) => void;

/**
 * Called when the exchange is over, with the status and the size of the body in bytes (null when
 * unknown). The status is null when no response was sent.
 */
export type FinishHook = (status: number | null, bytes: number | null) => void;

export class RequestExtras {
  values: ContextValues | null = null;
  /** Whether the handler is cancelled when the client goes away. */
  cancels = false;
  /** The largest body in bytes, if it differs from the server's; null for the server's. */
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

  /**
   * The response after all hooks. They are called in reverse order, the order in which middleware
   * is left.
   */
  prepared(response: Response): Response {
    const hooks = this.#prepare;
    let own = response;
    if (hooks.length !== 0) {
      // Removed first: if a hook throws, the error response must not run them again.
      this.#prepare = [];
      own = ownResponse(response);
      for (const hook of hooks.reverse()) hook(own);
    }
    this.#status = own.status;
    this.#bytes = sizeOfBody(own._body);
    return own;
  }

  /** Tells what was sent where it is not the prepared response; no status for nothing. */
  sent(status: number | null, bytes: number | null): void {
    this.#status = status;
    this.#bytes = bytes;
  }

  finished(): void {
    for (const hook of this.#finish) hook(this.#status, this.#bytes);
  }
}
