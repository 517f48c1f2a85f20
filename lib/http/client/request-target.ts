import type { TlsContext } from '../../tls/context.ts';

const numbers: WeakMap<TlsContext, number> = new WeakMap();
let last = 0;

function numberOf(context: TlsContext): number {
  let number = numbers.get(context);
  if (number === undefined) numbers.set(context, (number = ++last));
  return number;
}

/** What a request needs of its URL: to take a URL apart costs as much as to send the request. */
export class RequestTarget {
  readonly href: string;
  /** Whether it is https. */
  readonly secure: boolean;
  /** Name of the server and, unless it is the usual one, the port. */
  readonly host: string;
  /** An IPv6 address stands without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** With the query. */
  readonly path: string;
  /** The head of a request without a body, as it was written last, and its method. */
  _head: Uint8Array | null = null;
  _headMethod: string = '';
  #context: TlsContext | null = null;
  #origin = '';

  /** @param url - without credentials */
  constructor(url: URL) {
    this.href = url.href;
    this.secure = url.protocol === 'https:';
    this.host = url.host;
    this.hostname = url.hostname.replace(/^\[|\]$/g, '');
    this.port = url.port === '' ? (this.secure ? 443 : 80) : Number(url.port);
    this.path = `${url.pathname}${url.search}`;
  }

  /** What a connection is known by: nothing protected in another way is taken for it. */
  originOf(tls: () => TlsContext): string {
    if (!this.secure) return this.host;
    const context = tls();
    if (context !== this.#context) {
      this.#context = context;
      this.#origin = `https://${this.host} ${numberOf(context)}`;
    }
    return this.#origin;
  }

  /** As a proxy gets it. */
  get absolute(): string {
    return `${this.secure ? 'https' : 'http'}://${this.host}${this.path}`;
  }
}

/** URLs that are kept; when there are more, it begins anew. */
const KNOWN_MAX = 256;
/** Characters of a URL that is kept. */
const TEXT_MAX = 1024;

/** The URLs that a session was asked for: many programs ask for the same few again and again. */
export class KnownTargets {
  /** What relative URLs are relative to. */
  readonly base: URL | null;
  #known: Map<string, RequestTarget> = new Map();

  constructor(base: URL | null) {
    this.base = base;
  }

  /** @param text - as the caller gave it */
  get(text: string): RequestTarget | undefined {
    return this.#known.get(text);
  }

  keep(text: string, target: RequestTarget): void {
    if (text.length > TEXT_MAX) return;
    if (this.#known.size === KNOWN_MAX) this.#known.clear();
    this.#known.set(text, target);
  }
}
