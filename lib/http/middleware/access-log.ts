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

/** What is known of a request when it is over. */
export interface AccessRecord {
  /** When it began, in milliseconds of the wall clock. */
  readonly time: number;
  /** The client's address. */
  readonly ip: string | null;
  readonly method: string;
  readonly target: string;
  readonly httpVersion: string;
  /** Null when the client was gone before there was an answer. */
  readonly status: number | null;
  /** Of the answer's body; null for one whose size nobody knew before. */
  readonly bytes: number | null;
  /** Seconds. */
  readonly duration: number;
  readonly referer: string | null;
  readonly userAgent: string | null;
  /** What `requestId` gave to it. */
  readonly id: string | null;
}

export interface AccessLogOptions {
  /** 'common' (the Common Log Format, the default), 'combined', 'json', or what makes a line. */
  format?: 'common' | 'combined' | 'json' | ((record: AccessRecord) => string);
  /** A file that is appended to, or a function that takes lines; standard output by default. */
  to?: string | LogSink;
  /**
   * Lines that may wait to be written, 10,000 by default; what comes beyond is dropped, and told.
   */
  maxPending?: number;
}

/**
 * Middleware that notes every request when its answer is out. Lines are made and written later,
 * many at once, and never wait for each other: who is slow to take them loses some.
 * @throws TypeError, RangeError for options that do not exist
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

/** What a client wrote must not end the quotes, or the line. */
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
