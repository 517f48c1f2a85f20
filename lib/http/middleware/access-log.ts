import { describe as shown } from '../../core/support/describe.ts';
import { wallClockMs } from '../../core/loop/wall-clock.ts';
import { checkOptions } from '../../core/support/options.ts';
import { describe } from '../message/outgoing-body.ts';
import { integer } from '../message/option-values.ts';
import { RequestExtras } from '../server/request-extras.ts';
import type { Middleware } from '../server/middleware-chain.ts';
import { clientAddress } from './client-address.ts';
import { LogWriter } from './log-writer.ts';
import type { LogSink } from './log-writer.ts';
import { REQUEST_ID } from './request-id.ts';

/** The data about a finished request. */
export interface AccessRecord {
  /** When it began, in milliseconds since the epoch. */
  readonly time: number;
  /** The client's address. */
  readonly ip: string | null;
  readonly method: string;
  readonly target: string;
  readonly httpVersion: string;
  /** Null when the client disconnected before there was a response. */
  readonly status: number | null;
  /** The size of the response's body in bytes; null when it was not known in advance. */
  readonly bytes: number | null;
  /** The time from the request's head to the end of the response, in seconds. */
  readonly duration: number;
  readonly referer: string | null;
  readonly userAgent: string | null;
  /** The id that the `requestId` middleware assigned, or null. */
  readonly id: string | null;
}

export interface AccessLogOptions {
  /**
   * 'common' (the Common Log Format, the default), 'combined', 'json', or a function that returns a
   * line.
   */
  format?: 'common' | 'combined' | 'json' | ((record: AccessRecord) => string);
  /**
   * The path of a file to append to, or a function that receives lines; standard output by default.
   */
  to?: string | LogSink;
  /**
   * The maximum number of lines waiting to be written, 10,000 by default. Further lines are
   * dropped, and a line says how many.
   */
  maxPending?: number;
}

/**
 * Middleware that logs every request once its response was sent. Lines are formatted and written
 * later, many at once. One that becomes a WebSocket, or leaves HTTP otherwise, is logged at that
 * moment, with status 101. Requests never wait for the log: if it is too slow, lines are dropped.
 * @throws TypeError, RangeError for wrong options
 */
export function accessLog(options: AccessLogOptions = {}): Middleware {
  checkOptions('accessLog()', options, ['format', 'to', 'maxPending']);
  const { format = 'common', to } = options;
  const line = typeof format === 'function' ? format : formatOf(format);
  if (line === undefined) {
    throw new TypeError(
      `accessLog(): format must be common, combined, json or a function, not ${shown(format)}`,
    );
  }
  if (to !== undefined && typeof to !== 'string' && typeof to !== 'function') {
    throw new TypeError(`accessLog(): to must be a path or a function, not ${describe(to)}`);
  }
  const most = integer('maxPending', options.maxPending ?? 10_000, 1, 1e7);
  const writer = new LogWriter<AccessRecord>(line, to ?? null, most);
  return (request, next) => {
    const { _loop: loop } = request._connection;
    const begun = loop.time();
    const time = wallClockMs();
    const { method, target, httpVersion, headers } = request;
    const about = {
      time,
      ip: clientAddress(request),
      method,
      target,
      httpVersion,
      referer: headers.get('referer'),
      userAgent: headers.get('user-agent'),
    };
    (request._extras ??= new RequestExtras()).onFinish((status, bytes) => {
      const id = request.has(REQUEST_ID) ? request.get(REQUEST_ID) : null;
      writer.note({ ...about, status, bytes, duration: loop.time() - begun, id });
    });
    return next();
  };
}

const FORMATS: Record<string, ((record: AccessRecord) => string) | undefined> = {
  common,
  combined: (record) =>
    `${common(record)} "${quoted(record.referer)}" "${quoted(record.userAgent)}"`,
  json: ({ time, ...record }) => JSON.stringify({ time: new Date(time).toISOString(), ...record }),
};

function formatOf(name: unknown): ((record: AccessRecord) => string) | undefined {
  return typeof name === 'string' && Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
}

function common({ ip, time, method, target, httpVersion, status, bytes }: AccessRecord): string {
  const request = quoted(`${method} ${target} HTTP/${httpVersion}`);
  return `${ip ?? '-'} - - [${clfDate(time)}] "${request}" ${status ?? '-'} ${bytes ?? '-'}`;
}

/** Text from a client must not end the quotes or the line. */
function quoted(text: string | null): string {
  if (text === null || text === '') return '-';
  return text.replace(/["\\\u0000-\u001f\u007f-\u{10ffff}]/gu, (char) =>
    char === '"' || char === '\\' ? `\\${char}` : escaped(char),
  );
}

function escaped(char: string): string {
  return [...Buffer.from(char)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

/** `10/Oct/2000:13:55:36 +0000` */
function clfDate(time: number): string {
  const [, day, month, year, clock] = new Date(time).toUTCString().split(' ');
  return `${day}/${month}/${year}:${clock} +0000`;
}
