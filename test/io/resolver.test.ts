// Names to addresses, off the loop's thread.
import { readFileSync } from 'node:fs';

import { EventLoop, gather, getRunningLoop, run } from 'oxbow';
import type { SystemError } from 'oxbow';

import { ipv6, testWith } from '../support/needs.ts';

const loopFactory = (): EventLoop => new EventLoop();

test('numeric addresses are there at once', () => {
  const loop = new EventLoop();
  for (const [host, family] of [
    ['127.0.0.1', 4],
    ['::1', 6],
  ] as const) {
    const future = loop._resolve(host, 80);
    expect(future.done()).toBe(true);
    expect(future.result()).toEqual([{ address: host, port: 80, family }]);
  }
  expect(loop._resolve('::1', 80, 4).exception()).toMatchObject({ code: 'ENOTFOUND' });
  loop.close();
});

test('a name of the hosts file, and a service by name', async () => {
  const loop = new EventLoop();
  const [named, service] = await run(
    function* () {
      return yield* gather(loop._resolve('localhost', 81, 4), loop._resolve('127.0.0.1', 'http'));
    },
    { loopFactory: () => loop },
  );
  expect(named).toEqual([{ address: '127.0.0.1', port: 81, family: 4 }]);
  expect(service).toEqual([{ address: '127.0.0.1', port: 80, family: 4 }]);
});

test("a name that cannot exist fails with Node's code", async () => {
  const error = (await run(
    function* () {
      const loop = getRunningLoop();
      const [outcome] = yield* gather([loop._resolve('no such host', 1)], {
        returnExceptions: true,
      });
      return outcome;
    },
    { loopFactory },
  )) as SystemError;
  expect(error.syscall).toBe('getaddrinfo');
  expect(error.code).toMatch(/^(ENOTFOUND|EAI_[A-Z]+)$/);
  // libuv's number, which is the same on every platform.
  expect(error.errno).toBeLessThanOrEqual(-3000);
});

test('a port in digits is a port, and asks nobody', async () => {
  const loop = new EventLoop();
  expect(loop._resolve('127.0.0.1', '8080').result()).toEqual([
    { address: '127.0.0.1', port: 8080, family: 4 },
  ]);
  loop.close();
});

/** Counts what the engine is asked. */
function countQuestions(): { asked: number; cancelled: number } {
  const counts = { asked: 0, cancelled: 0 };
  const engine = getRunningLoop()._engine;
  const { resolve, resolveCancel } = engine;
  Object.defineProperty(engine, 'resolve', {
    value: (...args: Parameters<typeof resolve>) => {
      counts.asked++;
      return resolve.apply(engine, args);
    },
  });
  Object.defineProperty(engine, 'resolveCancel', {
    value: (request: number) => {
      counts.cancelled++;
      resolveCancel.call(engine, request);
    },
  });
  return counts;
}

test('equal questions are one, each with an answer of its own', async () => {
  await run(
    function* () {
      const loop = getRunningLoop();
      const counts = countQuestions();
      const lookups = Array.from({ length: 100 }, () => loop.getaddrinfo('localhost', 5));
      const controller = new AbortController();
      lookups.push(loop.getaddrinfo('localhost', 5, { signal: controller.signal }));
      const other = loop.getaddrinfo('localhost', 5, { family: 4 });
      lookups.pop()!.cancel();
      controller.abort();
      const [first, second] = yield* gather(lookups);
      expect(first).toEqual(second);
      expect(first).not.toBe(second);
      expect((yield* other)[0]).toMatchObject({ address: '127.0.0.1', port: 5 });
      expect(counts).toEqual({ asked: 2, cancelled: 0 });
      // The last one that leaves takes the question back, and a new one asks again.
      const some = [loop.getaddrinfo('localhost', 6), loop.getaddrinfo('localhost', 6)];
      for (const lookup of some) lookup.cancel();
      expect(counts).toEqual({ asked: 3, cancelled: 1 });
      yield* loop.getaddrinfo('localhost', 6);
      expect(counts).toEqual({ asked: 4, cancelled: 1 });
      expect(loop._rings.control[6]).toBe(0);
    },
    { loopFactory },
  );
});

test('an error is for all who asked, and an abort for one', async () => {
  await run(
    function* () {
      const loop = getRunningLoop();
      const controller = new AbortController();
      const aborted = loop.getaddrinfo('no such host', 1, { signal: controller.signal });
      const lookups = [loop.getaddrinfo('no such host', 1), loop.getaddrinfo('no such host', 1)];
      controller.abort(new Error('enough'));
      const outcomes = yield* gather([aborted, ...lookups], { returnExceptions: true });
      const [abortion, first, second] = outcomes as Error[];
      expect(abortion).toMatchObject({ name: 'AbortError', cause: { message: 'enough' } });
      expect(first).toMatchObject({ syscall: 'getaddrinfo', hostname: 'no such host' });
      expect(first!.message).toBe(second!.message);
      expect(first).not.toBe(second);
    },
    { loopFactory },
  );
});

test('services of datagrams, and what getaddrinfo refuses', async () => {
  await run(
    function* () {
      const loop = getRunningLoop();
      const found = yield* loop.getaddrinfo('127.0.0.1', 'domain', { type: 'datagram' });
      expect(found).toEqual([{ address: '127.0.0.1', port: 53, family: 4 }]);
      const ask = (...args: any[]) => loop.getaddrinfo(...(args as [string, number]));
      expect(() => ask('x', 1, { type: 'raw' })).toThrow(/type must be 'stream' or 'datagram'/);
      expect(() => ask('x', 1, { typ: 'stream' })).toThrow(/did you mean 'type'/);
      expect(() => ask(5, 1)).toThrow(/host must be a string or null/);
      expect(() => ask('x', 65536)).toThrow(/port must be an integer from 0 to 65535/);
      expect(() => ask('x', 1, { family: 5 })).toThrow(/family must be 0, 4 or 6/);
    },
    { loopFactory },
  );
});

test('no host is this machine: to be reached, or with AI_PASSIVE to listen at', async () => {
  await run(function* () {
    const loop = getRunningLoop();
    for (const nobody of [null, '']) {
      expect(yield* loop.getaddrinfo(nobody, 80)).toEqual([
        { address: '::1', port: 80, family: 6 },
        { address: '127.0.0.1', port: 80, family: 4 },
      ]);
    }
    const flags = 1;
    expect(yield* loop.getaddrinfo(null, 'http', { flags })).toEqual([
      { address: '0.0.0.0', port: 80, family: 4 },
      { address: '::', port: 80, family: 6 },
    ]);
    expect(yield* loop.getaddrinfo(null, 80, { flags, family: 6 })).toEqual([
      { address: '::', port: 80, family: 6 },
    ]);
  });
});

testWith(ipv6())('the scope of a link-local address stays with it', async () => {
  await run(function* () {
    const loop = getRunningLoop();
    const named = { address: 'fe80::1%lo', port: 80, family: 6 };
    expect(yield* loop.getaddrinfo('fe80::1%lo', 80)).toEqual([named]);
    const [unknown] = yield* loop.getaddrinfo('fe80::1%999', 80);
    expect(unknown).toEqual({ ...named, address: 'fe80::1%999' });
    for (const host of ['fe80::1%nosuch', 'fe80::1%']) {
      const [outcome] = yield* gather([loop.getaddrinfo(host, 80)], { returnExceptions: true });
      expect(outcome).toMatchObject({ code: 'ENOTFOUND' });
    }
    const options = { numericHost: true, numericService: true };
    expect(yield* loop.getnameinfo(['fe80::1%lo', 80], options)).toEqual(['fe80::1%lo', '80']);
    const index = Number(readFileSync('/sys/class/net/lo/ifindex', 'utf8'));
    expect(yield* loop.getnameinfo([`fe80::1%${index}`, 80], options)).toEqual([
      'fe80::1%lo',
      '80',
    ]);
  });
});

test('names of addresses', async () => {
  await run(
    function* () {
      const loop = getRunningLoop();
      const numeric = { numericHost: true, numericService: true };
      expect(yield* loop.getnameinfo(['127.0.0.1', 80], numeric)).toEqual(['127.0.0.1', '80']);
      expect(yield* loop.getnameinfo(['::1', 80], numeric)).toEqual(['::1', '80']);
      expect(yield* loop.getnameinfo(['127.0.0.1', 80], { numericHost: true })).toEqual([
        '127.0.0.1',
        'http',
      ]);
      const [host] = yield* loop.getnameinfo(['127.0.0.1', 1], { nameRequired: true });
      expect(host).toMatch(/[a-z]/);
      const ask = (...args: any[]) => loop.getnameinfo(...(args as [[string, number]]));
      expect(() => ask(['localhost', 80])).toThrow(/must be a numeric address, not 'localhost'/);
      for (const address of ['127.0.0.1', 5, null, [], ['::1']]) {
        expect(() => ask(address)).toThrow(/address must be \[host, port\]/);
      }
      expect(() => ask(['::1', '80'])).toThrow(/the port must be a number/);
      expect(() => ask(['::1', -1])).toThrow(/the port must be an integer/);
      expect(() => ask(['::1', 1], { numericHost: 1 })).toThrow(/numericHost must be true or/);
      const aborted = ask(['::1', 1], { signal: AbortSignal.abort() });
      expect(aborted.exception()).toMatchObject({ name: 'AbortError' });
      const cancelled = ask(['::1', 2]);
      expect(cancelled.cancel()).toBe(true);
      expect(loop._rings.control[6]).toBe(0);
    },
    { loopFactory },
  );
});

test('a cancelled lookup is forgotten', async () => {
  await run(
    function* () {
      const loop = getRunningLoop();
      const lookup = loop._resolve('localhost', 1);
      expect(lookup.cancel()).toBe(true);
      expect(lookup.cancelled()).toBe(true);
      expect(loop._rings.control[6]).toBe(0);
    },
    { loopFactory },
  );
});
