/** aiohttp's tracing: a program is notified of each step of a request. */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { describe } from '../../core/support/describe.ts';
import { checkOptions } from '../../core/support/options.ts';
import { showsText } from '../../core/support/shows-text.ts';
import type { ReadonlyHeaders } from '../message/headers.ts';
import { pieceBytes } from '../message/outgoing-body.ts';
import { eitherLane } from './middleware.ts';
import type { ClientResponse } from './response.ts';
import type { ClientSession } from './session.ts';

/** Properties of every event. */
export interface TraceEvent<Context = any> {
  readonly session: ClientSession;
  /** The result of the configuration's `context` for this request. */
  readonly context: Context;
  /** `traceRequestCtx` of the request. */
  readonly traceRequestCtx: unknown;
}

/** Properties of the events of a request. */
export interface TraceRequestEvent<Context = any> extends TraceEvent<Context> {
  readonly method: string;
  readonly url: string;
  readonly headers: ReadonlyHeaders;
}

/** An event with the response. */
export interface TraceResponseEvent<Context = any> extends TraceRequestEvent<Context> {
  readonly response: ClientResponse;
}

/** An event with the error that ended the call. */
export interface TraceExceptionEvent<Context = any> extends TraceRequestEvent<Context> {
  readonly exception: unknown;
}

/** An event with a piece of a body. */
export interface TraceChunkEvent<Context = any> extends TraceEvent<Context> {
  readonly method: string;
  readonly url: string;
  /** A copy, which may be kept and changed. */
  readonly chunk: Uint8Array;
}

/** An event about a host name. */
export interface TraceHostEvent<Context = any> extends TraceEvent<Context> {
  readonly host: string;
}

/**
 * Callbacks of a {@link TraceConfig}, named as in aiohttp; in either lane. They are called when the
 * step happens. Their results are not waited for, and their errors go to the loop's exception
 * handler.
 */
export interface TraceConfigOptions<Context = any> {
  /** Creates `context` for all events of one request; default: an empty object. */
  context?: (traceRequestCtx: unknown) => Context;
  /** A call of the session begins; the headers do not yet have the cookies of the jar. */
  onRequestStart?: (event: TraceRequestEvent<Context>) => unknown;
  /** The head of a request, with all headers, was handed to the connection. */
  onRequestHeadersSent?: (event: TraceRequestEvent<Context>) => unknown;
  /** A piece of the body was handed to the connection. */
  onRequestChunkSent?: (event: TraceChunkEvent<Context>) => unknown;
  /** A piece of the body of a response arrived; still encoded. */
  onResponseChunkReceived?: (event: TraceChunkEvent<Context>) => unknown;
  /** The caller gets the response; its body may still be arriving. */
  onRequestEnd?: (event: TraceResponseEvent<Context>) => unknown;
  /** The call failed. */
  onRequestException?: (event: TraceExceptionEvent<Context>) => unknown;
  /** A redirect is followed; the event describes the request that was redirected. */
  onRequestRedirect?: (event: TraceResponseEvent<Context>) => unknown;
  /** All connections are in use, and the request waits for a slot. */
  onConnectionQueuedStart?: (event: TraceEvent<Context>) => unknown;
  /** It got the slot. Not called when it gave up waiting. */
  onConnectionQueuedEnd?: (event: TraceEvent<Context>) => unknown;
  /** A new connection is being made: name lookup, attempts, tunnel, TLS. */
  onConnectionCreateStart?: (event: TraceEvent<Context>) => unknown;
  /** The connection is ready. */
  onConnectionCreateEnd?: (event: TraceEvent<Context>) => unknown;
  /** An idle connection is reused. */
  onConnectionReuseconn?: (event: TraceEvent<Context>) => unknown;
  /** A host name is being resolved. */
  onDnsResolvehostStart?: (event: TraceHostEvent<Context>) => unknown;
  /** It was resolved, or that failed. */
  onDnsResolvehostEnd?: (event: TraceHostEvent<Context>) => unknown;
  /** A `DnsCache` has the addresses. */
  onDnsCacheHit?: (event: TraceHostEvent<Context>) => unknown;
  /** A `DnsCache` has to look them up. */
  onDnsCacheMiss?: (event: TraceHostEvent<Context>) => unknown;
}

type HandlerName = Exclude<keyof TraceConfigOptions, 'context'>;

const HANDLERS: readonly HandlerName[] = [
  'onRequestStart',
  'onRequestHeadersSent',
  'onRequestChunkSent',
  'onResponseChunkReceived',
  'onRequestEnd',
  'onRequestException',
  'onRequestRedirect',
  'onConnectionQueuedStart',
  'onConnectionQueuedEnd',
  'onConnectionCreateStart',
  'onConnectionCreateEnd',
  'onConnectionReuseconn',
  'onDnsResolvehostStart',
  'onDnsResolvehostEnd',
  'onDnsCacheHit',
  'onDnsCacheMiss',
];

/**
 * Callbacks for the steps of a session's requests: `new ClientSession({ traceConfigs: [config] })`.
 * A session without any pays nothing.
 *
 * @throws TypeError for anything but a function, or an unknown name
 * @example
 * const timing = new TraceConfig({
 *   context: () => ({ start: getRunningLoop().time() }),
 *   onRequestEnd: ({ context, url }) =>
 *     console.log(url, getRunningLoop().time() - context.start),
 * });
 */
export class TraceConfig<Context = any> {
  readonly #options: TraceConfigOptions<Context>;

  constructor(options: TraceConfigOptions<Context>) {
    checkOptions('TraceConfig', options, ['context', ...HANDLERS]);
    for (const [name, value] of Object.entries(options)) {
      if (value === undefined || typeof value === 'function') continue;
      throw new TypeError(`TraceConfig: ${name} must be a function, not ${describe(value)}`);
    }
    this.#options = { ...options };
  }

  /** @internal */
  _context(traceRequestCtx: unknown): unknown {
    const { context } = this.#options;
    return context === undefined ? {} : context(traceRequestCtx);
  }

  /** @internal */
  _handler(name: HandlerName): ((event: any) => unknown) | undefined {
    return this.#options[name];
  }

  toString(): string {
    const names = HANDLERS.filter((name) => this.#options[name] !== undefined);
    return `<TraceConfig ${names.length === 0 ? 'of nothing' : names.join(' ')}>`;
  }
}

showsText(TraceConfig);

/** @throws TypeError unless it is an array of TraceConfigs */
export function checkTraceConfigs(where: string, given: unknown): readonly TraceConfig[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) {
    throw new TypeError(`${where}: traceConfigs must be an array, not ${describe(given)}`);
  }
  for (const one of given as unknown[]) {
    if (one instanceof TraceConfig) continue;
    throw new TypeError(`${where}: traceConfigs has ${describe(one)}, which is no TraceConfig`);
  }
  return [...(given as TraceConfig[])];
}

/** The request of one hop. */
interface Hop {
  readonly method: string;
  readonly target: { readonly href: string };
  readonly headers: ReadonlyHeaders;
}

/** Calls the callbacks for one call of a session. */
export class RequestTrace {
  readonly #loop: EventLoop;
  readonly #session: ClientSession;
  readonly #configs: readonly TraceConfig[];
  readonly #contexts: readonly unknown[];
  readonly #own: unknown;

  /** @throws what a configuration's `context` throws */
  constructor(
    loop: EventLoop,
    session: ClientSession,
    configs: readonly TraceConfig[],
    traceRequestCtx: unknown,
  ) {
    this.#loop = loop;
    this.#session = session;
    this.#configs = configs;
    this.#contexts = configs.map((config) => config._context(traceRequestCtx));
    this.#own = traceRequestCtx;
  }

  tell(name: HandlerName, about: object = {}): void {
    this.#configs.forEach((config, n) => {
      const handler = config._handler(name);
      if (handler === undefined) return;
      const event = {
        session: this.#session,
        context: this.#contexts[n],
        traceRequestCtx: this.#own,
        ...about,
      };
      try {
        const result = handler(event);
        const waits = typeof result === 'object' && result !== null;
        if (waits) this.#loop.createTask(() => eitherLane(result), { daemon: true });
      } catch (exception) {
        this.#loop.callExceptionHandler({
          message: `Exception in ${name} of a TraceConfig`,
          exception,
        });
      }
    });
  }

  tellRequest(name: HandlerName, { method, target, headers }: Hop, more: object = {}): void {
    this.tell(name, { method, url: target.href, headers, ...more });
  }

  /** The event gets a copy of the piece, which the program may keep and change. */
  tellChunk(name: HandlerName, { method, target }: Hop, piece: unknown): void {
    const chunk = new Uint8Array(pieceBytes(piece));
    if (chunk.length !== 0) this.tell(name, { method, url: target.href, chunk });
  }
}
