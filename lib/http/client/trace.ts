/** aiohttp's tracing: a program sees each step of a request. */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { describe } from '../../core/support/describe.ts';
import { checkOptions } from '../../core/support/options.ts';
import { showsText } from '../../core/support/shows-text.ts';
import type { ReadonlyHeaders } from '../message/headers.ts';
import { pieceBytes } from '../message/outgoing-body.ts';
import { eitherLane } from './middleware.ts';
import type { ClientResponse } from './response.ts';
import type { ClientSession } from './session.ts';

/** What every call of a trace has. */
export interface TraceEvent<Context = any> {
  readonly session: ClientSession;
  /** What `context` of the configuration has made for this request. */
  readonly context: Context;
  /** `traceRequestCtx` of the request. */
  readonly traceRequestCtx: unknown;
}

/** What signals of a request carry. */
export interface TraceRequestEvent<Context = any> extends TraceEvent<Context> {
  readonly method: string;
  readonly url: string;
  readonly headers: ReadonlyHeaders;
}

export interface TraceResponseEvent<Context = any> extends TraceRequestEvent<Context> {
  readonly response: ClientResponse;
}

export interface TraceExceptionEvent<Context = any> extends TraceRequestEvent<Context> {
  readonly exception: unknown;
}

export interface TraceChunkEvent<Context = any> extends TraceEvent<Context> {
  readonly method: string;
  readonly url: string;
  readonly chunk: Uint8Array;
}

export interface TraceHostEvent<Context = any> extends TraceEvent<Context> {
  readonly host: string;
}

/**
 * What {@link TraceConfig} is made of: functions of either lane, with aiohttp's names. They are
 * called as it happens; nothing waits for what they return, and an error of theirs goes to the
 * loop's exception handler.
 */
export interface TraceConfigOptions<Context = any> {
  /** Makes what all calls of one request get as `context`; an empty object by default. */
  context?: (traceRequestCtx: unknown) => Context;
  /** A call of the session begins; the headers are without the cookies of the jar. */
  onRequestStart?: (event: TraceRequestEvent<Context>) => unknown;
  /** The head of a request, with all its headers, was handed to the connection. */
  onRequestHeadersSent?: (event: TraceRequestEvent<Context>) => unknown;
  /** A piece of the body was handed to the connection. */
  onRequestChunkSent?: (event: TraceChunkEvent<Context>) => unknown;
  /** A piece of the body of a response came, as it is on the wire. */
  onResponseChunkReceived?: (event: TraceChunkEvent<Context>) => unknown;
  /** The response is handed out; its body may be on its way. */
  onRequestEnd?: (event: TraceResponseEvent<Context>) => unknown;
  /** The call fails. */
  onRequestException?: (event: TraceExceptionEvent<Context>) => unknown;
  /** A redirection is followed; the hop is the one that has led there. */
  onRequestRedirect?: (event: TraceResponseEvent<Context>) => unknown;
  /** All connections are in use, and the request waits for its turn. */
  onConnectionQueuedStart?: (event: TraceEvent<Context>) => unknown;
  onConnectionQueuedEnd?: (event: TraceEvent<Context>) => unknown;
  /** A connection is made: addresses, attempts, tunnel, TLS. */
  onConnectionCreateStart?: (event: TraceEvent<Context>) => unknown;
  /** It stands. */
  onConnectionCreateEnd?: (event: TraceEvent<Context>) => unknown;
  /** One that was kept is used. */
  onConnectionReuseconn?: (event: TraceEvent<Context>) => unknown;
  /** A resolver is asked for the addresses of a name. */
  onDnsResolvehostStart?: (event: TraceHostEvent<Context>) => unknown;
  /** And has answered, or failed. */
  onDnsResolvehostEnd?: (event: TraceHostEvent<Context>) => unknown;
  /** A `DnsCache` knew them. */
  onDnsCacheHit?: (event: TraceHostEvent<Context>) => unknown;
  /** It has to ask. */
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
 * Functions that are called at the steps of a session's requests, which
 * `new ClientSession({ traceConfigs: [config] })` has.
 * A session without one pays nothing.
 *
 * @throws TypeError for anything but a function, or a name that no signal has
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

/** @throws TypeError unless it is a list of configurations */
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

/** The request that a hop sends. */
interface Hop {
  readonly method: string;
  readonly target: { readonly href: string };
  readonly headers: ReadonlyHeaders;
}

/** The signals of one call of a session. */
export class RequestTrace {
  readonly #loop: EventLoop;
  readonly #session: ClientSession;
  readonly #configs: readonly TraceConfig[];
  readonly #contexts: readonly unknown[];
  readonly #own: unknown;

  /** @throws what a `context` of a configuration throws */
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

  /** @param piece - a copy, which may be kept and changed */
  tellChunk(name: HandlerName, { method, target }: Hop, piece: unknown): void {
    const chunk = new Uint8Array(pieceBytes(piece));
    if (chunk.length !== 0) this.tell(name, { method, url: target.href, chunk });
  }
}
