import { showsText } from '../core/support/shows-text.ts';
import type { Awaitable } from '../core/support/types.ts';
import { Headers } from '../http.ts';
import type { ClientResponse } from '../http.ts';

/** A response that is read to its end. What it gives is there: nothing has to run to get it. */
export class TestResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  /** Of the request that was answered, after redirections. */
  readonly url: string;
  readonly #bytes: Uint8Array;

  constructor(response: ClientResponse, bytes: Uint8Array) {
    this.status = response.status;
    this.statusText = response.statusText;
    this.headers = new Headers(response.headers);
    this.url = response.url;
    this.#bytes = bytes;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  bytes(): Awaitable<Uint8Array> {
    return ready(() => this.#bytes);
  }

  text(): Awaitable<string> {
    return ready(() => Buffer.from(this.#bytes).toString());
  }

  /** @throws SyntaxError when it is no JSON */
  json<T = any>(): Awaitable<T> {
    return ready(() => JSON.parse(Buffer.from(this.#bytes).toString()) as T);
  }

  toString(): string {
    return `TestResponse { ${this.status}, ${this.#bytes.length} bytes }`;
  }
}

showsText(TestResponse);

/** What needs no waiting, for both lanes. */
function ready<T>(make: () => T): Awaitable<T> {
  return {
    *[Symbol.iterator]() {
      return make();
    },
    then: async (fulfilled, rejected) =>
      new Promise<T>((done) => done(make())).then(fulfilled, rejected),
  };
}
