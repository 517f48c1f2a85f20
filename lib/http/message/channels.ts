/**
 * The channels of `node:diagnostics_channel` on which servers and clients tell of requests, as
 * connections do on theirs (net/channels.ts). Nothing is kept for a request that began while nobody
 * listened, so without subscribers each costs one look at the channels.
 */
import { channel } from 'node:diagnostics_channel';
import type { Channel } from 'node:diagnostics_channel';

import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { ClientSession } from '../client-session.ts';
import type { Headers } from './headers.ts';
import type { Request } from '../server/request.ts';
import type { HttpServer } from '../server/server.ts';

/** What all messages about requests have. */
interface Progress {
  loop: EventLoop;
  /** Status of the response; null before there is one, and when none was sent or came. */
  status: number | null;
  /** Seconds since the start, on the loop's clock. */
  duration: number;
  /** What went wrong, or null. */
  error: unknown;
}

/** What `oxbow:server-request:start`, `error` and `finish` are told. */
export interface ServerRequestMessage extends Progress {
  request: Request;
  server: HttpServer;
}

/** A request as a client sends it. At its start headers may still be added to it. */
export interface SentRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
}

/** What `oxbow:client-request:start`, `error` and `finish` are told. */
export interface ClientRequestMessage extends Progress {
  /** The same object for one request; a redirection is followed by another request. */
  request: SentRequest;
  session: ClientSession;
}

interface Channels {
  readonly start: Channel;
  readonly error: Channel;
  readonly finish: Channel;
}

const SERVER = channelsOf('server-request');
const CLIENT = channelsOf('client-request');

function channelsOf(what: string): Channels {
  return {
    start: channel(`oxbow:${what}:start`),
    error: channel(`oxbow:${what}:error`),
    finish: channel(`oxbow:${what}:finish`),
  };
}

/** Tells of one request. */
export class Telling {
  readonly #channels: Channels;
  readonly #about: object;
  readonly #loop: EventLoop;
  readonly #begun: number;
  /** Of the response. */
  status: number | null = null;
  #error: unknown = null;

  private constructor(channels: Channels, loop: EventLoop, about: object) {
    this.#channels = channels;
    this.#about = about;
    this.#loop = loop;
    this.#begun = loop.time();
    this.#tell(channels.start);
  }

  /** Null while nobody listens. */
  static ofServer(server: HttpServer, request: Request): Telling | null {
    if (!listens(SERVER)) return null;
    return new Telling(SERVER, server._loop, { request, server });
  }

  /** Null while nobody listens. */
  static ofClient(session: ClientSession, loop: EventLoop, request: SentRequest): Telling | null {
    return listens(CLIENT) ? new Telling(CLIENT, loop, { request, session }) : null;
  }

  /** Something went wrong; what comes after the first is its consequence. */
  fail(error: unknown): void {
    if (this.#error !== null) return;
    this.#error = error;
    this.#tell(this.#channels.error);
  }

  finish(): void {
    this.#tell(this.#channels.finish);
  }

  #tell(to: Channel): void {
    if (!to.hasSubscribers) return;
    const duration = this.#loop.time() - this.#begun;
    to.publish({
      ...this.#about,
      loop: this.#loop,
      status: this.status,
      duration,
      error: this.#error,
    });
  }
}

function listens({ start, error, finish }: Channels): boolean {
  return start.hasSubscribers || finish.hasSubscribers || error.hasSubscribers;
}
