/**
 * What servers and clients tell of their requests on channels of `node:diagnostics_channel`.
 * Nothing is kept for a request that began while nobody listened, so without subscribers each costs
 * one look at the channels.
 */
import { channel } from 'node:diagnostics_channel';
import type { Channel } from 'node:diagnostics_channel';

import type { EventLoop } from '../../core/loop/event-loop.ts';

/** What all messages about requests have. */
export interface RequestMessage {
  loop: EventLoop;
  /** Status of the response; null before there is one, and when none was sent or came. */
  status: number | null;
  /** Seconds since the start, on the loop's clock. */
  duration: number;
  /** What went wrong, or null. */
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
  /** Of the response. */
  status: number | null = null;
  #error: unknown = null;

  /** @param about - what every message has besides */
  constructor(channels: RequestChannels, loop: EventLoop, about: object) {
    this.#channels = channels;
    this.#about = about;
    this.#loop = loop;
    this.#begun = loop.time();
    this.#tell(channels.start);
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
