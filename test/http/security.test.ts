// SECURITY.md: every number in its tables is the one in the code.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../support/root.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const SERVE = 'lib/http/server/serve-options.ts';
const CONNECTION = 'lib/http/server/server-connection.ts';
const FORMS = 'lib/http/message/form-limits.ts';
const SOCKETS = 'lib/http/websocket/settings.ts';
const HEADS = 'lib/http/message/option-values.ts';
const CLIENT = 'lib/http/client/options.ts';

/** `options.name ?? DEFAULT,` */
const option = (name: string): RegExp => new RegExp(`\\b${name} \\?\\? ([^,]+),`);
/** `const NAME = DEFAULT;` */
const constant = (name: string): RegExp => new RegExp(`\\b${name} = ([^;]+);`);

type Where = [path: string, pattern: RegExp, more?: [path: string, pattern: RegExp]];

const HEAD_LIMITS: Record<string, Where> = {
  '`limits.lineSize`': [HEADS, option('lineSize'), ['native/http/types.h', constant('line_max')]],
  '`limits.headers`': [HEADS, option('headers'), ['native/http/types.h', constant('headers_max')]],
  '`limits.headSize`': [HEADS, option('headSize'), ['native/http/types.h', constant('head_max')]],
};

/** Where the code says it; a second place is what holds where nothing is given. */
const PLACES: Record<string, Record<string, Where>> = {
  'Limits of a server': {
    ...HEAD_LIMITS,
    '`maxBodySize`': [SERVE, option('maxBodySize')],
    '`headersTimeout`': [SERVE, option('headersTimeout')],
    '`keepAliveTimeout`': [SERVE, option('keepAliveTimeout')],
    '`bodyTimeout`': [SERVE, option('bodyTimeout')],
    '`sendTimeout`': [SERVE, option('sendTimeout')],
    '`minRate`': [SERVE, option('minRate')],
    '`backlog`': [SERVE, option('backlog')],
    'chunk extensions of a message': ['native/http/types.h', constant('kChunkExtensionsMax')],
    'requests that wait behind another one': [CONNECTION, constant('QUEUE_MAX')],
    'heads that are told in a turn, of one connection': [
      'native/http/http_reader.cc',
      constant('kHeadsMax'),
    ],
    'a body that nobody reads, in memory': [
      'lib/http/message/incoming-body.ts',
      constant('HIGH_WATER'),
    ],
    'a body that was not read when the answer is out': [CONNECTION, constant('DRAIN_MAX')],
    'what C++ holds of what is unsent': ['native/ring/layout.h', constant('kTransmitBytes')],
    'bytes that are dropped after a refusal': [
      'native/http/http_reader.cc',
      constant('kDroppedMax'),
      [CONNECTION, constant('LINGER_BYTES')],
    ],
    'time that a peer has after our side was closed': [
      'lib/http/server/server.ts',
      constant('LINGER_MOST'),
    ],
    'connections in that state': ['lib/http/server/server.ts', constant('LINGERING_MAX')],
  },
  'Limits of forms': {
    '`maxParts`': [FORMS, option('maxParts')],
    '`maxFiles`': [FORMS, option('maxFiles')],
    '`maxFieldSize`': [FORMS, option('maxFieldSize')],
    '`memory`': [FORMS, option('memory')],
  },
  'Limits of a WebSocket': {
    '`maxMessageSize`': [SOCKETS, option('maxMessageSize')],
    '`idleTimeout`': [SOCKETS, /idleTimeout = (\d+)/],
    '`closeTimeout`': [SOCKETS, /closeTimeout = (\d+)/],
    '`maxBackpressure`': [SOCKETS, option('maxBackpressure')],
    'messages that wait for who takes them': [
      'lib/http/websocket/receiving.ts',
      constant('UNREAD_MAX'),
    ],
  },
  'Limits of a client': {
    ...HEAD_LIMITS,
    '`timeout.total`': ['lib/http/client/timeout.ts', /\? (\d+) : limit\(init\.total/],
    '`limit`': ['lib/http/client/connector.ts', option('limit')],
    '`keepAliveTimeout`': ['lib/http/client/connector.ts', option('keepAliveTimeout')],
    '`maxDecodedSize`': [CLIENT, /maxDecodedSize = ([^,}]+) [,}]/],
    '`maxRedirects`': [CLIENT, /maxRedirects = (\d+)/],
    'interim responses (1xx) to one request': [
      'lib/http/client/answer-stream.ts',
      constant('INTERIM_MAX'),
    ],
    'codings on top of each other': ['lib/http/client/decode-content.ts', constant('CODINGS_MAX')],
    'a rest of a body that is read to keep a connection': [
      'lib/http/client/connection.ts',
      constant('DRAIN_MAX'),
    ],
    'cookies of a jar': ['lib/http/client/cookie-store.ts', constant('COOKIES_MAX')],
  },
};

/** The value of `16 * 2 ** 20`, `64u << 20`, `128 * 1024`. */
function valueOf(expression: string): number {
  const [head, shift] = expression.split('<<').map((part) => part.trim());
  const product = head!
    .split(/(?<!\*)\*(?!\*)/)
    .map((factor) => {
      const [base, exponent] = factor.split('**').map((part) => Number.parseInt(part.trim(), 10));
      return exponent === undefined ? base! : base! ** exponent;
    })
    .reduce((all, factor) => all * factor, 1);
  return shift === undefined ? product : product * 2 ** Number(shift);
}

function inCode([path, pattern, more]: Where): number[] {
  const places: [string, RegExp][] =
    more === undefined ? [[path, pattern]] : [[path, pattern], more];
  return places.map(([file, one]) => {
    const found = one.exec(read(file));
    if (found === null) throw new Error(`${file} says nothing of ${one}`);
    return valueOf(found[1]!);
  });
}

const UNITS: Record<string, number> = { KiB: 2 ** 10, MiB: 2 ** 20 };

/** The rows of each heading: name and number, or null where there is none. */
function inTables(): [heading: string, name: string, said: number | null][] {
  let heading = '';
  const rows: [string, string, number | null][] = [];
  for (const line of read('SECURITY.md').split('\n')) {
    if (line.startsWith('## ')) heading = line.slice(3);
    const [, name, said] = /^\| (.*?) \| (.*?) \|/.exec(line) ?? [];
    if (name === undefined || /^(option|what$|---)/.test(name)) continue;
    const [, number, unit] = /^(\d+)(?: (\w+))?/.exec(said!) ?? [];
    rows.push([heading, name, number === undefined ? null : Number(number) * (UNITS[unit!] ?? 1)]);
  }
  return rows;
}

test('the numbers in SECURITY.md are those in the code, and each of them is looked at', () => {
  const rows = inTables().filter(([, , said]) => said !== null);
  expect(rows.length).toBeGreaterThan(30);
  const wrong = rows.flatMap(([heading, name, said]) => {
    const where = PLACES[heading]?.[name];
    if (where === undefined) return [`${heading}: no test knows ${name}`];
    const values = inCode(where);
    return values.every((value) => value === said)
      ? []
      : [`${name}: ${said}, not ${String(values)}`];
  });
  expect(wrong).toEqual([]);
  const named = new Set(rows.map(([heading, name]) => `${heading}: ${name}`));
  const missing = Object.entries(PLACES).flatMap(([heading, names]) =>
    Object.keys(names).filter((name) => !named.has(`${heading}: ${name}`)),
  );
  expect(missing).toEqual([]);
});

test('what SECURITY.md leads to is there', () => {
  for (const [, path] of read('SECURITY.md').matchAll(/\]\(([^)]+)\)/g)) {
    expect(read(path!).length).toBeGreaterThan(0);
  }
});

test.each([
  ['lineSize', 'kLineMax'],
  ['headers', 'kFieldsMax'],
  ['headSize', 'kHeadMax'],
])('the most that %s may be is the most that C++ takes', (name, most) => {
  const checked = new RegExp(`'limits\\.${name}', .*, (\\d+)\\)`);
  const [inOptions, inParser] = inCode([
    HEADS,
    checked,
    ['native/http/http_reader.cc', constant(most)],
  ]);
  expect(inOptions).toBe(inParser);
});
