// Names to addresses, off the loop's thread.
import { EventLoop, gather, getRunningLoop, run } from 'oxbow';
import type { SystemError } from 'oxbow';

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
