/** `openDatagram`: an endpoint for coroutines, on both drivers and in both lanes. */
import {
  CancelledError,
  ChannelClosed,
  type Coro,
  createTask,
  type DatagramEndpoint,
  type EndpointOptions,
  gather,
  openDatagram,
  run,
  sleep,
  timeout,
} from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { until } from './tcp-support.ts';
import { check as checkOn, rejection } from './udp-support.ts';

const LOCAL: EndpointOptions = { localAddr: ['127.0.0.1', 0] };

function* two(options: EndpointOptions = {}): Coro<[DatagramEndpoint, DatagramEndpoint]> {
  const far = yield* openDatagram({ ...LOCAL, ...options });
  const near = yield* openDatagram({ remoteAddr: far.address });
  return [near, far];
}

describe.each(['auto', 'virtual'])('datagram endpoints on %s', (driver) => {
  const check = (name: string, body: () => Coro<void>): void => checkOn(driver, name, body);

  check('send, receive, and answer', function* () {
    const [near, far] = yield* two();
    near.send('ping');
    const { data, address } = yield* far.receive();
    expect([String(data), address]).toEqual(['ping', near.address]);
    far.send('pong', address);
    expect(String((yield* near.receive()).data)).toBe('pong');
    expect(far.qsize).toBe(0);
  });

  check('those who wait get one each, in the order in which they came', function* () {
    const [near, far] = yield* two();
    const waiting = [far.receive(), far.receive(), far.receive()];
    for (const text of ['1', '2', '3', '4']) near.send(text);
    const got = yield* gather(waiting);
    expect(got.map(({ data }) => String(data))).toEqual(['1', '2', '3']);
    expect(String((yield* far.receive()).data)).toBe('4');
  });

  check('a cancelled receive takes none, also when it had been promised one', function* () {
    const [near, far] = yield* two();
    const got: string[] = [];
    const first = createTask(function* () {
      got.push(String((yield* far.receive()).data));
    });
    const second = createTask(function* () {
      got.push(String((yield* far.receive()).data));
    });
    yield;
    const pending = far.receive();
    pending.cancel();
    near.send('one');
    // Promised to the first, which is cancelled before it goes on.
    const wakes = far.transport.getProtocol();
    const { datagramReceived } = wakes;
    wakes.datagramReceived = function (...args) {
      datagramReceived.apply(this, args);
      first.cancel();
    };
    expect(yield* rejection(() => first)).toBeInstanceOf(CancelledError);
    yield* second;
    expect(got).toEqual(['one']);
    expect(far.qsize).toBe(0);
  });

  check('waits that are given up leave nothing behind', function* () {
    const [near, far] = yield* two();
    for (let n = 0; n < 100; n++) {
      const controller = new AbortController();
      const receive = far.receive({ signal: controller.signal });
      controller.abort();
      expect(receive.exception()).toMatchObject({ name: 'AbortError' });
    }
    near.send('mine');
    expect(String((yield* far.receive()).data)).toBe('mine');
    const aborted = far.receive({ signal: AbortSignal.abort() });
    expect(aborted.exception()).toMatchObject({ code: 'ABORT_ERR' });
  });

  check('the newest is lost when the queue is full, and counted', function* () {
    const [near, far] = yield* two({ queueSize: 3 });
    for (let n = 0; n < 5; n++) near.send(String(n));
    yield* until(() => far.dropped === 2);
    expect(far.qsize).toBe(3);
    const got = yield* gather([far.receive(), far.receive(), far.receive()]);
    expect(got.map(({ data }) => String(data))).toEqual(['0', '1', '2']);
  });

  check('or the oldest', function* () {
    const [near, far] = yield* two({ queueSize: 3, overflow: 'oldest' });
    for (let n = 0; n < 5; n++) near.send(String(n));
    yield* until(() => far.dropped === 2);
    const got = yield* gather([far.receive(), far.receive(), far.receive()]);
    expect(got.map(({ data }) => String(data))).toEqual(['2', '3', '4']);
  });

  check('a queue has room for so many bytes', function* () {
    const [near, far] = yield* two({ queueBytes: 1000 });
    for (let n = 0; n < 4; n++) near.send(Buffer.alloc(300, 48 + n));
    yield* until(() => far.dropped === 1);
    expect(far.qsize).toBe(3);
    yield* far.receive();
    near.send('fits');
    yield* until(() => far.qsize === 3);
    const [, oldest] = yield* two({ queueBytes: 1000, overflow: 'oldest' });
    const other = yield* openDatagram({ remoteAddr: oldest.address });
    for (let n = 0; n < 4; n++) other.send(Buffer.alloc(300, 48 + n));
    yield* until(() => oldest.dropped === 1);
    expect(String((yield* oldest.receive()).data)[0]).toBe('1');
    other.send(Buffer.alloc(1001));
    yield* until(() => oldest.dropped === 4);
    expect(oldest.qsize).toBe(0);
  });

  check('an error comes out of receive(), and the endpoint goes on', function* () {
    const [near, far] = yield* two();
    near.send(Buffer.alloc(65508));
    near.send('after');
    expect(yield* rejection(() => near.receive())).toMatchObject({ code: 'EMSGSIZE' });
    expect(String((yield* far.receive()).data)).toBe('after');
    far.close();
    yield* far.waitClosed();
    const waiting = near.receive();
    near.send('anybody?');
    expect(yield* rejection(() => waiting)).toMatchObject({ code: 'ECONNREFUSED' });
    expect(near.isClosing()).toBe(false);
  });

  check('a close ends those who wait, after what has come', function* () {
    const [near, far] = yield* two();
    near.send('last');
    yield* until(() => far.qsize === 1);
    far.close();
    expect(String((yield* far.receive()).data)).toBe('last');
    expect(yield* rejection(() => far.receive())).toBeInstanceOf(ChannelClosed);
    expect(yield* far.next()).toEqual({ done: true, value: undefined });
    const waiting = near.receive();
    const step = near.next();
    near.abort();
    expect(yield* rejection(() => waiting)).toBeInstanceOf(ChannelClosed);
    expect(yield* step).toEqual({ done: true, value: undefined });
    yield* gather(near.waitClosed(), far.waitClosed());
    yield* near.waitClosed();
    near.close();
    near.send('late');
    expect([String(near), near.address]).toEqual(['<DatagramEndpoint closed>', null]);
  });

  check('drain, when nothing is in the way', function* () {
    const [near] = yield* two();
    near.send('x');
    yield* near.drain();
    expect(near.drain({ signal: AbortSignal.abort() }).exception()).toMatchObject({
      name: 'AbortError',
    });
  });
});

test('the async lane: for await, await using, and a close from elsewhere', async () => {
  await run(async () => {
    await using far = await openDatagram(LOCAL);
    await using near = await openDatagram({ remoteAddr: far.address });
    for (const text of ['a', 'b', 'end']) near.send(text);
    const got: string[] = [];
    for await (const { data, address } of far) {
      got.push(String(data));
      expect(address).toEqual(near.address);
      if (got.at(-1) === 'end') far.close();
    }
    expect(got).toEqual(['a', 'b', 'end']);
  });
});

test('options that an endpoint cannot have', async () => {
  await run(function* () {
    const open = (options: any) => openDatagram({ ...LOCAL, ...options });
    expect(() => open({ queueSise: 1 })).toThrow(/did you mean 'queueSize'/);
    for (const value of [0, -1, 1.5, '5', null]) {
      expect(() => open({ queueSize: value })).toThrow(/queueSize must be a positive integer/);
      expect(() => open({ queueBytes: value })).toThrow(/queueBytes must be a positive integer/);
    }
    expect(() => open({ overflow: 'both' })).toThrow(/overflow must be 'newest' or 'oldest'/);
    const opening = openDatagram(LOCAL);
    opening.cancel();
    expect(yield* rejection(() => opening)).toBeInstanceOf(CancelledError);
  });
});

test('in simulated time an answer takes an hour, and a timeout its own time', () =>
  runVirtual(function* () {
    const far = yield* openDatagram({ localAddr: ['10.1.2.3', 53] });
    const near = yield* openDatagram({ remoteAddr: ['10.1.2.3', 53] });
    createTask(function* () {
      const { data, address } = yield* far.receive();
      yield* sleep('1h');
      far.send(data, address);
    });
    near.send('question');
    const late = yield* rejection(() => timeout('1m', () => near.receive() as any));
    expect(late.name).toBe('TimeoutError');
    expect(String((yield* near.receive()).data)).toBe('question');
  }));

test('in a simulation, multicast is refused with a word', () =>
  runVirtual(function* () {
    const opening = openDatagram({ ...LOCAL, multicast: { groups: '239.1.2.3' } });
    expect(yield* rejection(() => opening)).toMatchObject({
      code: expect.stringMatching(/^E(OP)?NOTSUPP?$/),
    });
  }));
