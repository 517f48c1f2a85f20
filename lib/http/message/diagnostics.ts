/**
 * The messages of servers and clients about their requests on channels of
 * `node:diagnostics_channel`. Nothing is recorded for a request that began while nobody listened,
 * so without subscribers a request costs one check of the channels.
 */
import { channel } from 'node:diagnostics_channel';
import type { Channel } from 'node:diagnostics_channel';

import type { EventLoop } from '../../core/loop/event-loop.ts';

/** The properties common to all messages about requests. */
export interface RequestMessage {
  loop: EventLoop;
  /** The status of the response; null before there is one, or when there is none. */
  status: number | null;
  /** Seconds since the start of the request, on the loop's clock. */
  duration: number;
  /** The error, or null. */
  error: unknown;
}

export interface RequestChannels {
  readonly start: Channel;
  readonly error: Channel;
  readonly finish: Channel;
}

export function requestChannels(prefix: string): RequestChannels {
  return {
    start: channel(`${prefix}:start`),
    error: channel(`${prefix}:error`),
    finish: channel(`${prefix}:finish`),
  };
}

export function hasListeners({ start, error, finish }: RequestChannels): boolean {
  return start.hasSubscribers || finish.hasSubscribers || error.hasSubscribers;
}

/** Publishes one request, from its start to its finish. */
export class RequestDiagnostics {
  readonly #channels: RequestChannels;
  readonly #about: object;
  readonly #loop: EventLoop;
  readonly #begun: number;
  /** The status of the response. */
  status: number | null = null;
  #error: unknown = null;

  /** @param about - further properties of every message */
  constructor(channels: RequestChannels, loop: EventLoop, about: object) {
    this.#channels = channels;
    this.#about = about;
    this.#loop = loop;
    this.#begun = loop.time();
    this.#tell(channels.start);
  }

  /** Reports an error. Only the first counts: later ones are its consequences. */
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
