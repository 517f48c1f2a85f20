/** `DnsCache`: answers of a name server of the tests' own, kept as long as they count. */
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type Coro,
  createConnection,
  createServer,
  DnsCache,
  type DnsCacheOptions,
  gather,
  getRunningLoop,
  newEventLoop,
  Protocol,
  run,
  runSync,
  sleep,
} from 'oxbow';
import { ClientSession, Response, serve } from 'oxbow/http';
import { runVirtual } from 'oxbow/testing';

import { rejection } from '../contract/udp-support.ts';
import { DnsStub, type StubName } from '../support/dns-stub.ts';

let stub: DnsStub;
afterEach(() => stub?.close());

/** In simulated time, in which an answer comes at once and its TTL passes when somebody sleeps. */
async function check(
  names: Record<string, StubName>,
  options: DnsCacheOptions,
  body: (cache: DnsCache) => Coro<void>,
): Promise<void> {
  stub = await DnsStub.start(names);
  await runVirtual(function* () {
    const cache = new DnsCache({ servers: [stub.address], hostsFile: null, ...options });
    getRunningLoop().setResolver(cache);
    expect(getRunningLoop().getResolver()).toBe(cache);
    yield* body(cache);
  });
}

function* addresses(host: string, family: 0 | 4 | 6 = 0): Coro<string[]> {
  const found = yield* getRunningLoop().getaddrinfo(host, 80, { family });
  for (const { port } of found) expect(port).toBe(80);
  return found.map(({ address }) => address);
}

test('an answer counts as long as its TTL says', () =>
  check({ 'a.test': { a: ['10.0.0.1'], ttl: 30 } }, {}, function* (cache) {
    expect(yield* addresses('a.test', 4)).toEqual(['10.0.0.1']);
    yield* sleep(29);
    const known = getRunningLoop().getaddrinfo('A.test.', 80, { family: 4 });
    expect(known.done()).toBe(true);
    expect(known.result()).toEqual([{ address: '10.0.0.1', port: 80, family: 4 }]);
    expect([cache.hits, cache.misses, stub.asked]).toEqual([1, 1, ['A a.test']]);
    stub.names.set('a.test', { a: ['10.0.0.2'] });
    yield* sleep(1);
    expect(yield* addresses('a.test', 4)).toEqual(['10.0.0.2']);
    expect(String(cache)).toBe('<DnsCache 1 answers, 1 hits, 2 misses>');
    cache.clear('a.test');
    expect(cache.size).toBe(0);
  }));

test('both families, IPv6 first, each with a TTL of its own', () =>
  check({ 'b.test': { a: ['10.0.0.1'], aaaa: ['fd00::1'] } }, {}, function* () {
    expect(yield* addresses('b.test')).toEqual(['fd00::1', '10.0.0.1']);
    expect(yield* addresses('b.test', 6)).toEqual(['fd00::1']);
    expect(stub.asked.toSorted()).toEqual(['A b.test', 'AAAA b.test']);
  }));

test('equal questions at one time are one, and a cancel is of one asker alone', () =>
  check({ 'c.test': { a: ['10.0.0.1'] } }, {}, function* () {
    const loop = getRunningLoop();
    const asked = Array.from({ length: 50 }, () => loop.getaddrinfo('c.test', 80, { family: 4 }));
    asked[0]!.cancel();
    const signal = AbortSignal.abort();
    const aborted = loop.getaddrinfo('c.test', 80, { family: 4, signal });
    expect(aborted.exception()).toMatchObject({ name: 'AbortError' });
    const rest = yield* gather(asked.slice(1));
    expect(rest.every(([found]) => found!.address === '10.0.0.1')).toBe(true);
    expect(stub.asked).toEqual(['A c.test']);
  }));

test('TTLs are kept within bounds', () =>
  check(
    { 'never.test': { a: ['10.0.0.1'], ttl: 0 }, 'ever.test': { a: ['10.0.0.2'], ttl: 1e6 } },
    { minTtl: 5, maxTtl: '1m' },
    function* () {
      for (const host of ['never.test', 'ever.test']) yield* addresses(host, 4);
      yield* sleep(4);
      yield* addresses('never.test', 4);
      expect(stub.asked).toHaveLength(2);
      yield* sleep(1);
      yield* addresses('never.test', 4);
      expect(stub.asked).toHaveLength(3);
      yield* sleep(55);
      yield* addresses('ever.test', 4);
      expect(stub.asked).toHaveLength(4);
    },
  ));

test('that there is nothing is remembered, too, for a while', () =>
  check({ 'empty.test': {} }, { negativeTtl: 10 }, function* (cache) {
    for (const host of ['no.test', 'empty.test']) {
      for (let n = 0; n < 3; n++) {
        expect(yield* rejection(() => addresses(host))).toMatchObject({
          code: 'ENOTFOUND',
          syscall: 'getaddrinfo',
          hostname: host,
        });
      }
    }
    expect([cache.hits, cache.misses, stub.asked.length]).toEqual([4, 2, 4]);
    stub.names.set('no.test', { a: ['10.0.0.1'] });
    yield* sleep(10);
    expect(yield* addresses('no.test')).toEqual(['10.0.0.1']);
  }));

test('a server that fails is asked again the next time', () =>
  check({ 'bad.test': { rcode: 2 } }, {}, function* () {
    const error = yield* rejection(() => addresses('bad.test', 4));
    expect(error).toMatchObject({ code: 'EAI_AGAIN', hostname: 'bad.test' });
    expect(error.cause.code).toBe('ESERVFAIL');
    stub.names.set('bad.test', { a: ['10.0.0.1'] });
    expect(yield* addresses('bad.test', 4)).toEqual(['10.0.0.1']);
    // One family that works will do.
    stub.names.set('bad.test', { rcode: 2 });
    expect(yield* addresses('bad.test')).toEqual(['10.0.0.1']);
  }));

test('so is one that is silent', () =>
  check({ 'silent.test': { silent: true } }, { timeout: 0.05, tries: 1 }, function* () {
    for (let n = 1; n <= 2; n++) {
      const error = yield* rejection(() => addresses('silent.test', 4));
      expect(error).toMatchObject({ code: 'EAI_AGAIN', cause: { code: 'ETIMEOUT' } });
      expect(stub.asked.length).toBeGreaterThanOrEqual(n);
    }
  }));

test('addresses take turns, unless they must not', async () => {
  const names = { 'many.test': { a: ['10.0.0.1', '10.0.0.2', '10.0.0.3'] } };
  await check(names, {}, function* () {
    const firsts: string[] = [];
    for (let n = 0; n < 6; n++) firsts.push((yield* addresses('many.test', 4))[0]!);
    expect(new Set(firsts)).toEqual(new Set(names['many.test'].a));
    expect(firsts.slice(1, 4)).toEqual(names['many.test'].a);
  });
  stub.close();
  await check(names, { rotate: false }, function* () {
    for (let n = 0; n < 3; n++) {
      expect(yield* addresses('many.test', 4)).toEqual(names['many.test'].a);
    }
  });
});

test('it keeps so many names, and the oldest goes', () =>
  check(
    Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`n${n}.test`, { a: ['10.0.0.1'] }])),
    { maxEntries: 3 },
    function* (cache) {
      for (let n = 0; n < 5; n++) yield* addresses(`n${n}.test`, 4);
      expect(cache.size).toBe(3);
      yield* addresses('n4.test', 4);
      expect(stub.asked).toHaveLength(5);
      yield* addresses('n0.test', 4);
      expect(stub.asked).toHaveLength(6);
    },
  ));

test('names of the hosts file, and localhost, need no server', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'oxbow-hosts-'));
  const hostsFile = join(folder, 'hosts');
  writeFileSync(
    hostsFile,
    '# no address\n10.1.1.1 Own.test other.test # comment\nfd00::5\town.test\n',
  );
  try {
    await check({}, { hostsFile }, function* () {
      expect(yield* addresses('own.test')).toEqual(['fd00::5', '10.1.1.1']);
      expect(yield* addresses('other.test', 4)).toEqual(['10.1.1.1']);
      expect(yield* addresses('localhost', 4)).toEqual(['127.0.0.1']);
      writeFileSync(hostsFile, '10.1.1.2 own.test\n');
      utimesSync(hostsFile, 1, 1);
      yield* sleep(2);
      expect(yield* addresses('own.test')).toEqual(['10.1.1.2']);
      expect(stub.asked).toEqual([]);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('everything that connects goes through it', async () => {
  stub = await DnsStub.start({ 'here.test': { a: ['127.0.0.1'], aaaa: [] } });
  await run(async () => {
    const loop = getRunningLoop();
    loop.setResolver(new DnsCache({ servers: [stub.address], hostsFile: null }));
    const server = await createServer(() => new Protocol(), '127.0.0.1', 0);
    const [, port] = server.sockets[0]!.getsockname();
    const [transport] = await createConnection(() => new Protocol(), 'here.test', port!);
    transport.abort();
    server.close();
    const http = await serve({ fetch: () => new Response('found') });
    await using session = new ClientSession();
    const response = await session.get(`http://here.test:${http.port}/`);
    expect(await response.text()).toBe('found');
    http.close();
    expect(stub.asked.toSorted()).toEqual(['A here.test', 'AAAA here.test']);
    loop.setResolver(null);
    expect(loop.getResolver()).toBe(null);
  });
});

test('a resolver of one’s own: addresses, a promise, a coroutine, or nothing', async () => {
  await run(function* () {
    const loop = getRunningLoop();
    const asked: unknown[] = [];
    const found = [{ address: '10.9.9.9', family: 4 as const }];
    loop.setResolver({
      resolve(host, family) {
        asked.push([host, family]);
        if (host === 'now') return found;
        if (host === 'promise') return Promise.resolve(found);
        if (host === 'bad') throw new Error('no');
        if (host === 'coroutine') {
          return (function* () {
            yield* sleep(0);
            return found;
          })();
        }
        return null;
      },
    });
    for (const host of ['now', 'promise', 'coroutine']) {
      expect(yield* addresses(host)).toEqual(['10.9.9.9']);
    }
    expect((yield* rejection(() => addresses('bad'))).message).toBe('no');
    expect(yield* addresses('localhost', 4)).toEqual(['127.0.0.1']);
    expect(yield* addresses('127.0.0.7')).toEqual(['127.0.0.7']);
    expect(asked).toHaveLength(5);
    expect(asked[0]).toEqual(['now', 0]);
    for (const wrong of [5, {}, 'x', undefined, { resolve: 1 }]) {
      expect(() => loop.setResolver(wrong as any)).toThrow(/a resolver must have resolve/);
    }
  });
});

test('a cache is of one loop, and runSync asks the system', async () => {
  const cache = new DnsCache({ hostsFile: null });
  const first = newEventLoop();
  expect(cache.resolve('localhost', 4, Object.assign(first, { _rides: true }))).not.toBe(null);
  const second = Object.assign(newEventLoop(), { _rides: true });
  expect(() => cache.resolve('localhost', 4, second)).toThrow(/serves one loop/);
  first.close();
  second.close();
  const found = runSync(function* () {
    getRunningLoop().setResolver(new DnsCache());
    return yield* addresses('localhost', 4);
  });
  expect(found).toEqual(['127.0.0.1']);
});

test('options that a cache cannot have', () => {
  const make = (options: any) => () => new DnsCache(options);
  expect(make({ maxttl: 1 })).toThrow(/did you mean 'maxTtl'/);
  for (const name of ['timeout', 'minTtl', 'maxTtl', 'negativeTtl']) {
    expect(make({ [name]: -1 })).toThrow(`${name} must not be negative`);
    expect(make({ [name]: 'soon' })).toThrow(TypeError);
  }
  for (const name of ['tries', 'maxEntries']) {
    expect(make({ [name]: 0 })).toThrow(`${name} must be a positive integer`);
  }
  for (const servers of ['10.0.0.1', [], 5]) {
    expect(make({ servers })).toThrow(/servers must be a list/);
  }
  expect(make({ servers: ['no address'] })).toThrow(/^servers: /);
  expect(make({ hostsFile: 5 })).toThrow(/hostsFile must be a path or null/);
});
