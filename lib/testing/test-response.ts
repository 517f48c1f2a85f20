import { showsText } from '../core/support/shows-text.ts';
import type { Awaitable } from '../core/support/types.ts';
import { Headers } from '../http.ts';
import type { ClientResponse } from '../http.ts';

/** A response that has been read completely. Its body is available without running a loop. */
export class TestResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  /** The URL of the request that was answered, after redirects. */
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

  /** @throws SyntaxError when the body is not JSON */
  json<T = any>(): Awaitable<T> {
    return ready(() => JSON.parse(Buffer.from(this.#bytes).toString()) as T);
  }

  toString(): string {
    return `TestResponse { ${this.status}, ${this.#bytes.length} bytes }`;
  }
}

showsText(TestResponse);

/** A value that needs no waiting, awaitable in both lanes. */
function ready<T>(make: () => T): Awaitable<T> {
  return {
    *[Symbol.iterator]() {
      return make();
    },
    then: async (fulfilled, rejected) =>
      new Promise<T>((done) => done(make())).then(fulfilled, rejected),
  };
}
