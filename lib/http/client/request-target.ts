import type { TlsContext } from '../../tls/context.ts';

const numbers: WeakMap<TlsContext, number> = new WeakMap();
let last = 0;

function numberOf(context: TlsContext): number {
  let number = numbers.get(context);
  if (number === undefined) numbers.set(context, (number = ++last));
  return number;
}

/** The parts of a URL that requests need, kept because parsing a URL costs as much as sending. */
export class RequestTarget {
  readonly href: string;
  /** Whether it is https. */
  readonly secure: boolean;
  /** Host name and, unless it is the default, port. */
  readonly host: string;
  /** An IPv6 address has no brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Path and query. */
  readonly path: string;
  /** The last encoded head of a request without a body or options, and its method. */
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

  /** The pool's key for connections; it includes the TLS context, so that contexts share none. */
  originOf(tls: () => TlsContext): string {
    if (!this.secure) return this.host;
    const context = tls();
    if (context !== this.#context) {
      this.#context = context;
      this.#origin = `https://${this.host} ${numberOf(context)}`;
    }
    return this.#origin;
  }

  /** The absolute URL, as sent to a proxy. */
  get absolute(): string {
    return `${this.secure ? 'https' : 'http'}://${this.host}${this.path}`;
  }
}

/** How many URLs are kept; beyond that, all are dropped. */
const KNOWN_MAX = 256;
/** Longest URL that is kept, in characters. */
const TEXT_MAX = 1024;

/** URLs that a session was asked for: many programs request the same few again and again. */
export class KnownTargets {
  /** The base for relative URLs. */
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
