// The links of the simulated network: latency, loss and partitions, in simulated time.
import {
  DeadlockError,
  getRunningLoop,
  openConnection,
  openDatagram,
  Protocol,
  RuntimeError,
  sleep,
  startServer,
  TimeoutError,
  waitFor,
} from 'oxbow';
import type { Coro, Server, StreamReader, StreamWriter } from 'oxbow';
import { ClientSession, Response, serve } from 'oxbow/http';
import { connectedPair, runVirtual, VirtualLoop, VirtualNetwork } from 'oxbow/testing';
import type { LinkOptions } from 'oxbow/testing';

const NEAR = '10.0.0.1';
const FAR = '10.0.0.2';
const time = (): number => getRunningLoop().time();
const network = (): VirtualNetwork => (getRunningLoop() as VirtualLoop).network;

/** Answers what it reads, and its end. Its log says when what came. */
function* echoServer(log: string[] = [], host = FAR): Coro<Server> {
  return yield* startServer(
    function* (reader: StreamReader, writer: StreamWriter) {
      log.push(`accepted at ${time().toFixed(3)}`);
      for (;;) {
        const data = yield* reader.read(65536);
        if (data.length === 0) break;
        log.push(`${data.length} at ${time().toFixed(3)}`);
        writer.write(data);
        yield* writer.drain();
      }
      log.push(`end at ${time().toFixed(3)}`);
      writer.close();
    },
    host,
    80,
  );
}

const connect = (): ReturnType<typeof openConnection> =>
  openConnection(FAR, 80, { localAddr: [NEAR, 0] });

function* leave(server: Server): Coro<void> {
  server.close();
  yield* server.waitClosed();
}

test('latency: a connect takes a round trip, and each direction half of one', () =>
  runVirtual(
    function* () {
      const log: string[] = [];
      const server = yield* echoServer(log);
      const [reader, writer] = yield* connect();
      expect(time()).toBe(0.1);
      writer.write('hello');
      expect(String(yield* reader.readexactly(5))).toBe('hello');
      expect(time()).toBeCloseTo(0.2, 9);
      writer.writeEof();
      expect((yield* reader.read()).length).toBe(0);
      expect(time()).toBeCloseTo(0.3, 9);
      expect(log).toEqual(['accepted at 0.150', '5 at 0.150', 'end at 0.250']);
      writer.close();
      yield* leave(server);
    },
    { network: { latency: '50ms' } },
  ));

test('latency: HTTP takes two round trips, and one more on the same connection', () =>
  runVirtual(
    async () => {
      await using server = await serve({
        port: 80,
        hostname: FAR,
        fetch: () => new Response('ok'),
      });
      await using session = new ClientSession();
      expect(await (await session.get(`http://${FAR}/`)).text()).toBe('ok');
      expect(time()).toBeCloseTo(0.4, 6);
      expect(await (await session.get(`http://${FAR}/`)).text()).toBe('ok');
      expect(time()).toBeCloseTo(0.6, 6);
      expect(server.port).toBe(80);
    },
    { network: { latency: 0.1 } },
  ));

test('a loop that owns the thread waits for what is on its way', () => {
  const loop = new VirtualLoop({ network: { latency: '1h' } });
  loop.runUntilCompleteSync(function* () {
    const server = yield* echoServer();
    const [reader, writer] = yield* connect();
    writer.write('x');
    expect(String(yield* reader.read(1))).toBe('x');
    expect(time()).toBe(4 * 3600);
    writer.close();
    yield* leave(server);
  });
  loop.close();
});

test('a stream arrives whole and in order, whatever is lost, in the same time for one seed', async () => {
  const size = 1 << 20;
  const sent = Buffer.from(Array.from({ length: size }, (_, index) => (index * 7) & 255));
  const run = (seed: number): Promise<number> =>
    runVirtual(
      function* () {
        const server = yield* echoServer();
        const [reader, writer] = yield* connect();
        writer.write(sent);
        writer.writeEof();
        expect((yield* reader.read()).equals(sent)).toBe(true);
        writer.close();
        yield* leave(server);
        return time();
      },
      { seed, network: { latency: '10ms', jitter: '5ms', loss: 0.05 } },
    );
  const took = await run(7);
  expect(await run(7)).toBe(took);
  expect(await run(8)).not.toBe(took);
  expect(took).toBeGreaterThan(0.2);
});

test('datagrams: each takes its time, some are lost, some overtake others', () =>
  runVirtual(
    async () => {
      const far = await openDatagram({ localAddr: [FAR, 53] });
      const near = await openDatagram({ localAddr: [NEAR, 0] });
      for (let n = 0; n < 200; n++) near.send(String(n), [FAR, 53]);
      await sleep(1);
      const numbers: number[] = [];
      near.close();
      far.close();
      for await (const { data } of far) numbers.push(Number(String(data)));
      expect(numbers.length).toBeGreaterThan(60);
      expect(numbers.length).toBeLessThan(140);
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(numbers).not.toEqual(numbers.toSorted((one, other) => one - other));
    },
    { seed: 3, network: { latency: '20ms', jitter: '20ms', loss: 0.5 } },
  ));

test('a link of two hosts goes before that of one, and that before the default', () =>
  runVirtual(function* () {
    network().setLink(NEAR, FAR, { latency: 1 });
    network().setLink(FAR, null, { latency: 2 });
    network().setDefault({ latency: 3 });
    const trip = function* (from: string, to: string): Coro<number> {
      const server = yield* echoServer([], to);
      const start = time();
      const [, writer] = yield* openConnection(to, 80, { localAddr: [from, 0] });
      const took = time() - start;
      writer.close();
      yield* leave(server);
      return took;
    };
    expect(yield* trip(NEAR, FAR)).toBe(2);
    expect(yield* trip(FAR, NEAR)).toBe(2);
    expect(yield* trip('10.0.0.3', FAR)).toBe(4);
    expect(yield* trip('10.0.0.3', NEAR)).toBe(6);
    // What is set once more takes the place of what was.
    network().setLink(FAR, NEAR, {});
    expect(yield* trip(NEAR, FAR)).toBe(0);
  }));

test('both ends of a pair are in one process, so no link is between them', () =>
  runVirtual(
    function* () {
      let came = '';
      class Recorder extends Protocol {
        override dataReceived(data: Buffer): void {
          came += data.toString();
        }
      }
      const [[near], [far]] = yield* connectedPair(
        () => new Protocol(),
        () => new Recorder(),
      );
      near.write('here');
      yield* sleep(0.001);
      expect(came).toBe('here');
      near.close();
      far.close();
    },
    { network: { latency: 10 } },
  ));

describe('a partition', () => {
  test('holds what streams send until it is repaired', () =>
    runVirtual(function* () {
      const log: string[] = [];
      const server = yield* echoServer(log);
      const [reader, writer] = yield* connect();
      network().partition(NEAR, FAR);
      writer.write('one');
      yield* sleep(60);
      writer.write('two');
      const answer = reader.readexactly(6);
      yield* sleep(60);
      expect(log).toEqual(['accepted at 0.000']);
      network().repair(NEAR, FAR);
      expect(String(yield* answer)).toBe('onetwo');
      expect(time()).toBe(120);
      writer.close();
      yield* leave(server);
    }));

  test('holds what was on its way', () =>
    runVirtual(
      function* () {
        const log: string[] = [];
        const server = yield* echoServer(log);
        const [reader, writer] = yield* connect();
        writer.write('x');
        writer.writeEof();
        yield* sleep(0.5);
        network().partition(FAR);
        yield* sleep(10);
        network().repair();
        expect(String(yield* reader.read())).toBe('x');
        expect(log).toEqual(['accepted at 3.000', '1 at 13.500', 'end at 13.500']);
        writer.close();
        yield* leave(server);
      },
      { network: { latency: 1 } },
    ));

  test('loses datagrams, also those on their way', () =>
    runVirtual(
      function* () {
        const far = yield* openDatagram({ localAddr: [FAR, 53] });
        const near = yield* openDatagram({ localAddr: [NEAR, 0] });
        near.send('on its way', [FAR, 53]);
        yield* sleep(0.5);
        network().partition(NEAR, FAR);
        near.send('cut', [FAR, 53]);
        yield* sleep(5);
        network().repair(NEAR);
        near.send('after', [FAR, 53]);
        expect(String((yield* far.receive()).data)).toBe('after');
        expect(time()).toBe(6.5);
        near.close();
        far.close();
      },
      { network: { latency: 1 } },
    ));

  test('lets connects wait, and fail with ETIMEDOUT after 127 s', () =>
    runVirtual(function* () {
      const server = yield* echoServer();
      network().partition(NEAR, FAR);
      const waiting = connect();
      yield* sleep(30);
      network().repair();
      const [, writer] = yield* waiting;
      expect(time()).toBe(30);
      writer.close();
      network().partition(FAR, NEAR);
      let code: unknown;
      try {
        yield* connect();
      } catch (error) {
        ({ code } = error as NodeJS.ErrnoException);
      }
      expect(code).toBe('ETIMEDOUT');
      expect(time()).toBe(157);
      // Other hosts reach it.
      const [, other] = yield* openConnection(FAR, 80, { localAddr: ['10.0.0.3', 0] });
      other.close();
      network().repair();
      yield* leave(server);
    }));

  test('is found out by a time limit, and by nothing else', () => {
    const main = (limit: number | null) =>
      function* (): Coro<void> {
        yield* echoServer();
        const [reader, writer] = yield* connect();
        network().partition(NEAR, FAR);
        writer.write('lost');
        yield* waitFor(reader.read(4), limit);
      };
    for (const [limit, kind] of [
      [5, TimeoutError],
      [null, DeadlockError],
    ] as const) {
      const loop = new VirtualLoop();
      expect(() => loop.runUntilCompleteSync(main(limit))).toThrow(kind);
      loop.close();
    }
  });
});

test('the end of a stream comes behind its bytes, and until then what is written is lost', () =>
  runVirtual(
    function* () {
      const log: string[] = [];
      const server = yield* startServer(
        function* (reader: StreamReader, writer: StreamWriter) {
          writer.write('bye');
          writer.close();
          log.push(`closed at ${time()}`);
          yield* sleep(0);
          reader.atEof();
        },
        FAR,
        80,
      );
      const [reader, writer] = yield* connect();
      expect(String(yield* reader.readexactly(3))).toBe('bye');
      writer.write('nobody reads this');
      yield* writer.drain();
      expect((yield* reader.read()).length).toBe(0);
      expect(time()).toBe(4);
      expect(log).toEqual(['closed at 3']);
      writer.close();
      yield* leave(server);
    },
    { network: { latency: 1 } },
  ));

test('wrong options and hosts are refused', () =>
  runVirtual(function* () {
    const net = network();
    for (const [options, kind, words] of [
      [{ latency: -1 }, RangeError, 'latency must be from 0 to 9007199 seconds, got -1'],
      [{ latency: 1e9 }, RangeError, 'latency must be from 0'],
      [{ latency: 'soon' }, TypeError, 'latency: "soon" is no duration'],
      [{ jitter: NaN }, RangeError, 'jitter: NaN is no duration'],
      [{ loss: 1.5 }, RangeError, 'loss must be from 0 to 1, got 1.5'],
      [{ loss: NaN }, RangeError, 'loss must be from 0 to 1, got NaN'],
      [{ loss: '1%' }, TypeError, "loss must be a number from 0 to 1, got '1%'"],
      [{ lost: 1 }, TypeError, "there is no option 'lost'; did you mean 'loss'?"],
      [null, TypeError, 'options must be an object'],
    ] as const) {
      for (const call of [
        () => net.setDefault(options as LinkOptions),
        () => net.setLink(NEAR, FAR, options as LinkOptions),
        () => new VirtualLoop({ network: options as LinkOptions }),
      ]) {
        expect(call).toThrow(kind);
        expect(call).toThrow(words);
      }
    }
    expect(() => net.setLink('example.org', FAR, {})).toThrow(RangeError);
    expect(() => net.setLink(NEAR, '0.0.0.0', {})).toThrow('setLink(): a host must be a numeric');
    expect(() => net.partition('')).toThrow("one must be a numeric address, got ''");
    expect(() => net.partition(NEAR, 7 as never)).toThrow(TypeError);
    expect(() => net.repair('::')).toThrow(RangeError);
    expect(yield* connectedOnce()).toBe('there');
    expect(String(net)).toBe('<VirtualNetwork>');
  }));

/** None of what was refused has changed anything. */
function* connectedOnce(): Coro<string> {
  const server = yield* echoServer();
  const [reader, writer] = yield* connect();
  writer.write('there');
  const text = String(yield* reader.readexactly(5));
  expect(time()).toBe(0);
  writer.close();
  yield* leave(server);
  return text;
}

test('a closed loop has no network', () => {
  const loop = new VirtualLoop();
  const { network: net } = loop;
  loop.close();
  expect(() => net.setDefault({})).toThrow(RuntimeError);
  expect(() => net.partition(NEAR)).toThrow('Event loop is closed');
});
