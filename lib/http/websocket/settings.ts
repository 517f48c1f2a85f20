/** What WebSockets of one kind have in common. */
import type { Values } from '../../core/context/running.ts';
import type { Duration } from '../../core/support/duration.ts';
import { checkFlags, checkOptions } from '../../core/support/options.ts';
import { duration, integer } from '../message/option-values.ts';
import { describe } from '../message/outgoing-body.ts';
import { SharedCoders } from './deflate.ts';
import type { WebSocketConnection } from './connection.ts';
import type { Pulse } from './pulse.ts';
import type { Topics } from './topics.ts';

/** permessage-deflate: what is packed, and how. */
export interface WebSocketCompressionOptions {
  /** Bytes below which a message is not packed; 1024 by default. */
  threshold?: number;
  /**
   * Whether each side packs with what it has sent before as a dictionary, which packs small
   * messages of one kind far better, and holds some 300 KiB for each connection; false by default.
   */
  contextTakeover?: boolean;
  /** Of zlib, 1 to 9; its default is 6. */
  level?: number;
}

/** Limits of a WebSocket, of a server or a client. */
export interface WebSocketLimits {
  /** Bytes of a message that is received, also when it is unpacked; 16 MiB by default. */
  maxMessageSize?: number;
  /**
   * How long nothing may come; 120 s by default, null for no limit. Half-way through, the peer is
   * pinged, so that one which is there and has nothing to say is not taken for one which has gone.
   */
  idleTimeout?: Duration | null;
  /** How long the peer may take for its part of closing; 10 s by default. */
  closeTimeout?: Duration;
  /** permessage-deflate: true, or how; false, which is the default, for none. */
  compression?: boolean | WebSocketCompressionOptions;
  /**
   * Bytes that may wait for a peer that does not read; 1 MiB by default. A message that finds
   * others waiting, and would make them more than this, does not join them.
   */
  maxBackpressure?: number;
  /** What becomes of the connection then: it is closed (the default), or the message is dropped. */
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

/** @throws TypeError, RangeError that name the option */
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

/** What is called for a WebSocket, with the coroutines that it starts. */
export interface Callbacks {
  readonly open: ((socket: WebSocketConnection, about: unknown) => unknown) | null;
  /** Without it, messages wait for `receive()`. */
  readonly message:
    | ((socket: WebSocketConnection, message: string | Buffer<ArrayBuffer>) => unknown)
    | null;
  readonly drain: ((socket: WebSocketConnection) => unknown) | null;
  readonly close: ((socket: WebSocketConnection, code: number, reason: string) => unknown) | null;
  /** Takes the place of all others: once it has ended, the WebSocket is closed. */
  readonly main: ((socket: WebSocketConnection, about: unknown) => unknown) | null;
}

/** What all WebSockets of one kind share, so that an idle one costs little. */
export interface Kind {
  readonly limits: CheckedLimits;
  readonly callbacks: Callbacks;
  /** Whether frames that are sent are masked: those of a client. */
  readonly masks: boolean;
  /** Messages of bytes are the callback's only while it runs. */
  readonly transient: boolean;
  readonly coders: SharedCoders;
  readonly pulse: Pulse | null;
  /** The context variables that callbacks begin with. */
  readonly values: Values;
  /** Of a server. */
  readonly topics: Topics | null;
  /** It is closed, and nothing runs for it any more. */
  forget(socket: WebSocketConnection): void;
}

export const NO_CALLBACKS: Callbacks = {
  open: null,
  message: null,
  drain: null,
  close: null,
  main: null,
};
