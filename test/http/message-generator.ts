/** Makes HTTP messages from a seed: valid ones, and mutations of them. */

export type Random = (below: number) => number;

/** A small generator of numbers below a bound; the same seed gives the same numbers. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const pick = <T>(random: Random, from: readonly T[]): T => from[random(from.length)]!;

const targets = [
  '/',
  '/index.html',
  '/a/b?c=d&e=%20',
  '/?q={x}|y',
  '//double',
  'http://host/p',
  'http://host:8080',
  'http://host?q',
  '/' + 'long/'.repeat(40),
];
const plainFields = [
  'Accept: */*',
  'accept:text/html',
  'User-Agent: a (b; c) d/1.0',
  'X-Empty:',
  'X-Tab: a\tb',
  'X-Trim:  \t v \t',
  'X-High: \x80\xfe\xff',
  'X-Repeat: 1',
  'X-Repeat: 2',
  'Cookie: a=b; c="d"',
  "!#$%&'*+-.^_`|~09az: token",
  'Trailer: T',
  'Upgrade: h2c',
  'X-Long: ' + 'v'.repeat(300),
];
const connections = ['keep-alive', 'Keep-Alive', 'close', 'foo, keep-alive', 'CLOSE', 'te'];
const extensions = ['', '', '', ';x', ';x=y', ';x="y z"', ';x=y;z="a\\"b"'];

function caseOf(random: Random, name: string): string {
  return pick(random, [name, name.toLowerCase(), name.toUpperCase()]);
}

function fields(random: Random): string[] {
  const lines = Array.from({ length: random(6) }, () => pick(random, plainFields));
  if (random(4) === 0) lines.push(`${caseOf(random, 'Connection')}: ${pick(random, connections)}`);
  return lines;
}

function insert(random: Random, lines: string[], line: string): void {
  lines.splice(random(lines.length + 1), 0, line);
}

function bytes(random: Random, size: number): string {
  return Array.from({ length: size }, () => String.fromCharCode(random(256))).join('');
}

function chunkedBody(random: Random): string {
  let body = '';
  for (let count = random(4); count > 0; count--) {
    const data = bytes(random, 1 + random(30));
    const size = pick(random, ['', '0', '000']) + data.length.toString(16);
    body += `${caseOf(random, size)}${pick(random, extensions)}\r\n${data}\r\n`;
  }
  const trailers = random(4) === 0 ? 'T: u\r\nX-Sum:  1 \r\n' : '';
  return `${body}${pick(random, ['0', '000'])}${pick(random, extensions)}\r\n${trailers}\r\n`;
}

/** Adds framing to the lines and returns the body: none, sized or chunked. */
function framing(random: Random, lines: string[], minor: number): string {
  const choice = random(3);
  if (choice === 0 && minor === 1) {
    insert(random, lines, `${caseOf(random, 'Transfer-Encoding')}: ${caseOf(random, 'chunked')}`);
    return chunkedBody(random);
  }
  const body = choice === 1 ? bytes(random, random(40)) : '';
  insert(random, lines, `${caseOf(random, 'Content-Length')}: ${body.length}`);
  return body;
}

function request(random: Random, last: boolean): string {
  const minor = random(5) === 0 ? 0 : 1;
  const lines = fields(random);
  if (minor === 1 || random(2) === 0) {
    insert(
      random,
      lines,
      `${caseOf(random, 'Host')}: ${pick(random, ['h', 'h:80', '', '[::1]:1'])}`,
    );
  }
  const special = last ? random(12) : -1;
  if (special === 0) return `CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\ntunnel`;
  if (special === 1) return `OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n`;
  if (special === 2) {
    return (
      'GET /chat HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\n' +
      'Upgrade: websocket\r\n\r\n\x81\x00'
    );
  }
  const method = pick(random, [
    'GET',
    'HEAD',
    'POST',
    'PUT',
    'DELETE',
    'OPTIONS',
    'PATCH',
    'PROPFIND',
  ]);
  const body = /P/.test(method) ? framing(random, lines, minor) : '';
  const empty = random(10) === 0 ? '\r\n' : '';
  const head = [`${method} ${pick(random, targets)} HTTP/1.${minor}`, ...lines].join('\r\n');
  return `${empty}${head}\r\n\r\n${body}`;
}

function response(random: Random, last: boolean): string {
  const minor = random(5) === 0 ? 0 : 1;
  const lines = fields(random);
  const status = pick(random, [
    '200 OK',
    '404 Not Found',
    '500',
    '301 ',
    '204 No',
    '304 N',
    '103 E',
    '200 caf\xe9 \t!',
  ]);
  let body = '';
  const bodiless = /^(1|204|304)/.test(status);
  if (!bodiless && last && random(4) === 0) body = bytes(random, random(40));
  else if (!bodiless) body = framing(random, lines, minor);
  return [`HTTP/1.${minor} ${status}`, ...lines].join('\r\n') + `\r\n\r\n${body}`;
}

/** The answer to a HEAD request: it has a length but no body. */
export const answerToHead = 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n';

/** One to three valid messages in a row, as Latin-1 text. */
export function validMessages(random: Random, kind: 'request' | 'response'): string {
  const make = kind === 'request' ? request : response;
  let all = '';
  for (let left = random(3); left >= 0; left--) all += make(random, left === 0);
  return all;
}

const nasty = [
  '\r',
  '\n',
  '\r\n',
  '\0',
  ' ',
  '\t',
  ':',
  ';',
  ',',
  '\x7f',
  '\x80',
  '\x01',
  '0',
  '-',
  '+',
  'x',
  '"',
  '\r\n\r\n',
  '/',
  '@',
  '#',
  '\x0b',
];
const nastyLines = [
  'Content-Length: 5',
  'Content-Length: 0',
  'Content-Length: +1',
  'Host: other',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding : chunked',
  ' folded',
  '\tfolded',
  'Connection: close',
  'Connection: upgrade',
  'Content-Length: 3, 3',
  ': empty',
  'NoColon',
  'Transfer-Encoding:\x0bchunked',
  'Content-Length: 99999999999999999999',
];

function mutateOnce(random: Random, message: string): string {
  const at = random(message.length + 1);
  const before = message.slice(0, at);
  const after = message.slice(at);
  const lineEnds = [...message.matchAll(/\r\n/g)].map((match) => match.index);
  const line = lineEnds.length > 0 ? pick(random, lineEnds) : 0;
  switch (random(8)) {
    case 0:
      return before + after.slice(1);
    case 1:
      return before + pick(random, nasty) + after;
    case 2:
      return before + pick(random, nasty) + after.slice(1);
    case 3:
      return before + String.fromCharCode(random(256)) + after.slice(1);
    case 4:
      return message.slice(0, line) + '\n' + message.slice(line + 2);
    case 5:
      return message.slice(0, line) + '\r\n' + pick(random, nastyLines) + message.slice(line);
    case 6:
      return before + after.slice(random(8));
    default:
      return before + before.slice(-random(12)) + after;
  }
}

/** The messages with one to three random changes. */
export function mutated(random: Random, message: string): string {
  let changed = message;
  for (let count = 1 + random(3); count > 0; count--) changed = mutateOnce(random, changed);
  return changed;
}

/** Cuts the text into one to five pieces. */
export function cutAtRandom(random: Random, text: string): string[] {
  const places = Array.from({ length: random(5) }, () => random(text.length + 1));
  places.sort((a, b) => a - b);
  return [...places, text.length].map((to, index) => text.slice(places[index - 1] ?? 0, to));
}
