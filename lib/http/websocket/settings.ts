/** Settings shared by WebSockets of one kind. */
import type { Values } from '../../core/context/running.ts';
import type { Duration } from '../../core/support/duration.ts';
import { checkFlags, checkOptions } from '../../core/support/options.ts';
import { duration, integer } from '../message/option-values.ts';
import { describe } from '../message/outgoing-body.ts';
import { SharedCoders } from './deflate.ts';
import type { WebSocketConnection } from './connection.ts';
import type { Pulse } from './pulse.ts';
import type { Topics } from './topics.ts';

/** permessage-deflate: which messages are compressed, and how. */
export interface WebSocketCompressionOptions {
  /** Messages below this number of bytes are not compressed; default 1024. */
  threshold?: number;
  /**
   * Whether each side uses its earlier messages as a dictionary. This compresses small, similar
   * messages far better, but takes about 300 KiB per connection; default false.
   */
  contextTakeover?: boolean;
  /** zlib's level, 1 to 9; default: zlib's own, 6. */
  level?: number;
}

/** Limits of a WebSocket, of a server or a client. */
export interface WebSocketLimits {
  /** Largest received message in bytes, also after decompression; default 16 MiB. */
  maxMessageSize?: number;
  /**
   * How long the peer may be silent before the connection is dropped; default 120 s, null for no
   * limit. Half-way through the peer is pinged, so that an idle but reachable peer is kept.
   */
  idleTimeout?: Duration | null;
  /** How long the closing handshake may take; default 10 s. */
  closeTimeout?: Duration;
  /** permessage-deflate: true, or its options; default false. */
  compression?: boolean | WebSocketCompressionOptions;
  /**
   * Bytes that may wait for a peer that does not read; default 1 MiB. A message that would exceed
   * this is refused, unless nothing is waiting: then a larger one is accepted.
   */
  maxBackpressure?: number;
  /** What happens then: the connection is dropped (`'close'`, the default), or the message is. */
  overflow?: 'close' | 'drop';
}

export const LIMIT_NAMES: readonly string[] = [
  'maxMessageSize',
  'idleTimeout',
  'closeTimeout',
  'compression',
  'maxBackpressure',
  'overflow',
];

export interface CheckedCompression {
  threshold: number;
  contextTakeover: boolean;
  level: number | undefined;
}

export interface CheckedLimits {
  maxMessageSize: number;
  idleTimeout: number | null;
  closeTimeout: number;
  compression: CheckedCompression | null;
  maxBackpressure: number;
  drops: boolean;
}

/** @throws TypeError, RangeError naming the option */
export function checkLimits(where: string, options: WebSocketLimits): CheckedLimits {
  const { maxMessageSize, idleTimeout = 120, closeTimeout = 10, overflow = 'close' } = options;
  if (overflow !== 'close' && overflow !== 'drop') {
    const given = typeof overflow === 'string' ? JSON.stringify(overflow) : describe(overflow);
    throw new TypeError(`${where}: overflow must be 'close' or 'drop', not ${given}`);
  }
  return {
    maxMessageSize: integer('maxMessageSize', maxMessageSize ?? 16 * 2 ** 20, 0, 2 ** 32),
    idleTimeout: idleTimeout === null ? null : duration('idleTimeout', idleTimeout),
    closeTimeout: duration('closeTimeout', closeTimeout),
    compression: compressionOf(where, options.compression ?? false),
    maxBackpressure: integer('maxBackpressure', options.maxBackpressure ?? 2 ** 20, 0, 2 ** 53 - 1),
    drops: overflow === 'drop',
  };
}

function compressionOf(
  where: string,
  given: boolean | WebSocketCompressionOptions,
): CheckedCompression | null {
  if (given === false) return null;
  const options = given === true ? {} : given;
  checkOptions(`${where}: compression`, options, ['threshold', 'contextTakeover', 'level']);
  checkFlags(`${where}: compression`, options, ['contextTakeover']);
  const { threshold = 1024, contextTakeover = false, level } = options;
  return {
    threshold: integer('compression.threshold', threshold, 0, 2 ** 53 - 1),
    contextTakeover,
    level: level === undefined ? undefined : integer('compression.level', level, 1, 9),
  };
}

/** The callbacks of a WebSocket; they may start coroutines. */
export interface Callbacks {
  readonly open: ((socket: WebSocketConnection, about: unknown) => unknown) | null;
  /** Null: messages wait for `receive()`. */
  readonly message:
    | ((socket: WebSocketConnection, message: string | Buffer<ArrayBuffer>) => unknown)
    | null;
  readonly drain: ((socket: WebSocketConnection) => unknown) | null;
  readonly close: ((socket: WebSocketConnection, code: number, reason: string) => unknown) | null;
  /** Handles the WebSocket in place of `open`; when it ends, the WebSocket is closed. */
  readonly main: ((socket: WebSocketConnection, about: unknown) => unknown) | null;
}

/** State shared by all WebSockets of one kind, so that an idle one costs little. */
export interface Kind {
  readonly limits: CheckedLimits;
  readonly callbacks: Callbacks;
  /** Whether sent frames are masked, as a client must do. */
  readonly masks: boolean;
  /** Whether the bytes of a message are valid only while the callback runs. */
  readonly transient: boolean;
  readonly coders: SharedCoders;
  readonly pulse: Pulse | null;
  /** The context variables of callbacks. */
  readonly values: Values;
  /** Null on a client. */
  readonly topics: Topics | null;
  /** Called when it is closed, and nothing runs for it any more. */
  forget(socket: WebSocketConnection): void;
}

export const NO_CALLBACKS: Callbacks = {
  open: null,
  message: null,
  drain: null,
  close: null,
  main: null,
};
