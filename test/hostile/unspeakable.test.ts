// Values that cannot be turned into text: a message about one still says which argument it was,
// and is no error about the text.
import {
  createServer,
  DnsCache,
  getRunningLoop,
  newEventLoop,
  Protocol,
  startServer,
  StreamReader,
  TlsContext,
} from 'oxbow';
import {
  accessLog,
  CookieJar,
  compression,
  Headers,
  HttpError,
  Response,
  serve,
  url,
  WebSocket,
  websocket,
} from 'oxbow/http';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

const detached = new Uint8Array(8);
structuredClone(detached.buffer, { transfer: [detached.buffer] });
const trap = (): never => {
  throw new Error('trap');
};
const circular: unknown[] = [];
circular.push(circular);

/** None of them has a text, or one that JSON knows. */
const VALUES: Record<string, any> = {
  'a Symbol': Symbol('odd'),
  'a BigInt': 10n,
  'an object without a class': Object.create(null),
  'one whose text throws': { valueOf: trap, toString: trap, toJSON: trap },
  'memory that is gone': detached,
  'one that is in itself': circular,
};

const CALLS: Record<string, (value: any) => unknown> = {
  limit: (limit) => new StreamReader({ limit }),
  backlog: (backlog) => createServer(() => new Protocol(), '127.0.0.1', 0, { backlog }),
  'sessionTimeout|is no duration': (sessionTimeout) => new TlsContext({ sessionTimeout } as any),
  status: (status) => new Response('', { status }),
  statusText: (statusText) => new Response('', { statusText }),
  'status of an HttpError': (status) => new HttpError(status),
  'format|options': (format) => accessLog({ format }),
  'compression\\(\\)': (coding) => compression({ encodings: [coding] } as any),
  'trustedProxies.fields': (fields) =>
    serve({ trustedProxies: { addresses: ['127.0.0.1'], fields }, fetch: trap } as any),
  'header name': (name) => new Headers().set(name, undefined as never),
  'websocket\\(\\)': (name) => websocket({ protocols: [name] } as any),
  'path must be a string': (path) => url(path),
  'domain must be a string': (domain) => new CookieJar().clearDomain(domain),
  'clear\\(\\): host must be a string': (host) => new DnsCache().clear(host),
  'resolve\\(\\): host must be a string': (host) =>
    new DnsCache().resolve(host, 4, getRunningLoop()),
  'body must be a function': (body) =>
    (newEventLoop({ driver: 'virtual' }) as any).dispatching(body),
  'protocols must be': (name) => new WebSocket('ws://127.0.0.1:1/', [name]),
  'clientConnected must be': (callback) => startServer(callback, '127.0.0.1', 0),
};

test.each(Object.entries(CALLS))('%s', (text, call) =>
  runVirtual(async () => {
    for (const [name, value] of Object.entries(VALUES)) {
      const error = await rejection(
        Promise.resolve().then(() => {
          const given = call(value);
          return given as Promise<unknown>;
        }),
      );
      expect([name, error.name, error.message]).toEqual([
        name,
        expect.stringMatching(/^(?:Type|Range)Error$/),
        expect.stringMatching(new RegExp(text)),
      ]);
    }
  }),
);

test('a name that every object has is none of ours', () => {
  for (const format of ['constructor', 'toString', '__proto__']) {
    expect(() => accessLog({ format: format as never })).toThrow(/format must be common/);
  }
});

test('what is no list of protocols, and no loop', () => {
  for (const wrong of [5, null, {}, () => {}]) {
    expect(thrown(() => new WebSocket('ws://127.0.0.1:1/', wrong as never)).message).toMatch(
      /^protocols must be a string or several in an array, not /,
    );
  }
  expect(thrown(() => new DnsCache().resolve('a.b', 4, undefined as never)).message).toMatch(
    /^DnsCache\.resolve\(\): undefined is not an event loop$/,
  );
});
