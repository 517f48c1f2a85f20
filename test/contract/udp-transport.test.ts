/** `createDatagramEndpoint`: protocols and transports, on both drivers. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

import {
  type Coro,
  createDatagramEndpoint,
  type DatagramOptions,
  DatagramProtocol,
  type DatagramTransport,
  getRunningLoop,
  run,
  type SocketAddress,
} from 'oxbow';

import { caught, until } from './tcp-support.ts';
import { check as checkOn, DatagramRecorder, rejection } from './udp-support.ts';

const LOCAL: DatagramOptions = { localAddr: ['127.0.0.1', 0] };

function* open(options: DatagramOptions = LOCAL): Coro<DatagramRecorder> {
  const [transport, protocol] = yield* createDatagramEndpoint(
    () => new DatagramRecorder(),
    options,
  );
  expect(protocol.transport).toBe(transport);
  return protocol;
}

const addressOf = ({ transport }: DatagramRecorder): SocketAddress =>
  transport.getExtraInfo('sockname') as SocketAddress;

describe.each(['auto', 'virtual'])('datagram transports on %s', (driver) => {
  const check = (name: string, body: () => Coro<void>): void => checkOn(driver, name, body);

  check('its own address is known once it is closed', function* () {
    for (const how of ['close', 'abort'] as const) {
      const protocol = yield* open();
      const address = protocol.transport.getExtraInfo('socket').getsockname();
      protocol.transport[how]();
      yield* until(() => protocol.events.includes('lost null'));
      expect(protocol.transport.getExtraInfo('sockname')).toEqual(address);
    }
  });

  check('datagrams of every shape, each whole, and the address of who has sent them', function* () {
    const near = yield* open();
    const far = yield* open();
    const sent: Array<[any, string]> = [
      ['é€😀', 'é€😀'],
      [Buffer.from('bytes'), 'bytes'],
      [new Uint16Array([0x4142]), 'BA'],
      [new DataView(new ArrayBuffer(3), 1, 2), '\0\0'],
      [new Uint8Array([65]).buffer, 'A'],
      ['', ''],
      [Buffer.alloc(65507, 'x'), 'x'.repeat(65507)],
    ];
    for (const [data] of sent) near.transport.sendto(data, addressOf(far));
    yield* until(() => far.received.length === sent.length);
    expect(far.texts).toEqual(sent.map(([, text]) => text));
    for (const [, address] of far.received) expect(address).toEqual(addressOf(near));
    // The same array, which nobody can change.
    expect(far.received[0]![1]).toBe(far.received[1]![1]);
    expect(Object.isFrozen(far.received[0]![1])).toBe(true);
    far.transport.sendto('back', far.received[0]![1]);
    yield* until(() => near.received.length === 1);
    expect(near.texts).toEqual(['back']);
    for (const each of [near, far]) each.transport.close();
    yield* until(() => near.events.includes('lost null') && far.events.includes('lost null'));
    expect(near.events).toEqual(['made', 'lost null']);
  });

  check('data is taken over at once, and a burst of many turns keeps its order', function* () {
    const far = yield* open();
    const near = yield* open({ remoteAddr: addressOf(far) });
    const data = Buffer.alloc(3);
    for (let n = 0; n < 300; n++) {
      data.write(String(n).padStart(3, '0'));
      near.transport.sendto(data);
      if (n % 50 === 49) yield* until(() => far.received.length === n + 1);
    }
    expect(far.texts).toEqual(Array.from({ length: 300 }, (_, n) => String(n).padStart(3, '0')));
  });

  check('with remoteAddr, no other address will do', function* () {
    const far = yield* open();
    const near = yield* open({ remoteAddr: addressOf(far) });
    near.transport.sendto('a');
    near.transport.sendto('b', null);
    near.transport.sendto('c', addressOf(far));
    near.transport.sendto('d', [...addressOf(far)]);
    const other = near.transport;
    expect(() => other.sendto('e', ['127.0.0.1', 1])).toThrow(
      /Invalid address: must be null or \[ '127\.0\.0\.1', \d+ \], not \[ '127\.0\.0\.1', 1 \]/,
    );
    yield* until(() => far.received.length === 4);
    expect(far.texts).toEqual(['a', 'b', 'c', 'd']);
    expect(near.transport.getExtraInfo('peername')).toEqual(addressOf(far));
    expect(far.transport.getExtraInfo('peername', 'none')).toBe('none');
  });

  check('broadcast leaves the socket unconnected', function* () {
    const far = yield* open();
    const near = yield* open({ remoteAddr: addressOf(far), broadcast: true });
    near.transport.sendto('hello');
    yield* until(() => far.received.length === 1);
    const other = yield* open();
    other.transport.sendto('from elsewhere', addressOf(near).with(0, '127.0.0.1') as any);
    yield* until(() => near.received.length === 1);
    expect(() => near.transport.sendto('x', ['127.0.0.1', 1])).toThrow(/^Invalid address/);
  });

  check('what cannot be sent is told to errorReceived, and the rest goes on', function* () {
    const far = yield* open();
    const near = yield* open();
    near.transport.sendto('before', addressOf(far));
    near.transport.sendto(Buffer.alloc(65508), addressOf(far));
    near.transport.sendto('after', addressOf(far));
    yield* until(() => near.errors.length === 1 && far.received.length === 2);
    expect(near.errors[0]).toMatchObject({ code: 'EMSGSIZE', syscall: 'send' });
    expect(near.events).toEqual(['made']);
  });

  check('a connected socket hears that nobody is there', function* () {
    const gone = yield* open();
    const near = yield* open({ remoteAddr: addressOf(gone) });
    gone.transport.abort();
    yield* until(() => gone.events.includes('lost null'));
    near.transport.sendto('anybody?');
    yield* until(() => near.errors.length === 1);
    expect(near.errors[0]).toMatchObject({ code: 'ECONNREFUSED' });
    expect(near.transport.isClosing()).toBe(false);
  });

  check('bad data and bad addresses are refused, and nothing is sent', function* () {
    const far = yield* open();
    const { transport } = yield* open();
    const send = transport.sendto.bind(transport) as (...args: any[]) => void;
    const good = addressOf(far);
    for (const data of [null, undefined, 5, {}, [1]]) {
      expect(() => send(data, good)).toThrow(TypeError);
    }
    expect(() => send('x')).toThrow(/an address is needed/);
    for (const address of ['127.0.0.1', 5, {}, [], ['127.0.0.1'], [1, 2], ['a', 1, 2]]) {
      expect(() => send('x', address)).toThrow(/^address must be \[host, port\], not/);
    }
    for (const port of [0, -1, 65536, 1.5, NaN, '80', null]) {
      expect(() => send('x', ['127.0.0.1', port])).toThrow(/the port must be an integer from 1 to/);
    }
    expect(() => send('x', ['localhost', 1])).toThrow(/must be a numeric address, not 'localhost'/);
    expect(() => send('x', ['::1', 1])).toThrow(/the socket is for IPv4, not for \[ '::1', 1 \]/);
    send('only this', good);
    yield* until(() => far.received.length > 0);
    expect(far.texts).toEqual(['only this']);
  });

  check('what a protocol throws is reported, and the transport goes on', function* () {
    const contexts = caught();
    class Clumsy extends DatagramProtocol {
      received = 0;
      override connectionMade(): void {
        throw new Error('made');
      }
      override datagramReceived(): void {
        this.received++;
        throw new Error('received');
      }
      override errorReceived(): void {
        throw new Error('error');
      }
      override connectionLost(): void {
        throw new Error('lost');
      }
    }
    const [transport, protocol] = yield* createDatagramEndpoint(() => new Clumsy(), LOCAL);
    const own = transport.getExtraInfo('sockname') as SocketAddress;
    transport.sendto('1', own);
    transport.sendto('2', own);
    transport.sendto(Buffer.alloc(65508), own);
    yield* until(() => protocol.received === 2 && contexts.length === 4);
    transport.close();
    yield* until(() => contexts.length === 5);
    expect(contexts.map(({ exception }) => (exception as Error).message).toSorted()).toEqual([
      'error',
      'lost',
      'made',
      'received',
      'received',
    ]);
  });

  check('a close in datagramReceived ends what came with it', function* () {
    class Once extends DatagramRecorder {
      override datagramReceived(data: Buffer, address: SocketAddress): void {
        super.datagramReceived(data, address);
        this.transport.close();
      }
    }
    const [transport, protocol] = yield* createDatagramEndpoint(() => new Once(), LOCAL);
    const near = yield* open();
    for (let n = 0; n < 5; n++) near.transport.sendto('same', addressOf(protocol));
    yield* until(() => protocol.events.includes('lost null'));
    expect(protocol.texts).toEqual(['same']);
    // Late, and on purpose without a word.
    transport.sendto('late', addressOf(near));
    transport.close();
    transport.abort();
    expect(String(transport)).toBe('<DatagramTransport closed>');
    expect(transport.getWriteBufferSize()).toBe(0);
  });

  check('a close sends what was sent before, an abort does not', function* () {
    const far = yield* open();
    const near = yield* open();
    near.transport.sendto('goodbye', addressOf(far));
    near.transport.close();
    near.transport.sendto('late', addressOf(far));
    yield* until(() => near.events.includes('lost null') && far.received.length === 1);
    const aborted = yield* open();
    aborted.transport.sendto('dropped', addressOf(far));
    aborted.transport.abort();
    yield* until(() => aborted.events.includes('lost null'));
    expect(far.texts).toEqual(['goodbye']);
  });

  check('the write buffer has limits, checked and derived as those of TCP', function* () {
    const { transport } = yield* open();
    expect(transport.getWriteBufferLimits()).toEqual([16384, 65536]);
    transport.setWriteBufferLimits({ high: 100 });
    expect(transport.getWriteBufferLimits()).toEqual([25, 100]);
    transport.setWriteBufferLimits({ low: 10 });
    expect(transport.getWriteBufferLimits()).toEqual([10, 40]);
    expect(() => transport.setWriteBufferLimits({ low: 5, high: 4 })).toThrow(RangeError);
    expect(transport.getWriteBufferSize()).toBe(0);
  });

  check('options that there are not, and values that they cannot have', function* () {
    const create = (options: any) => createDatagramEndpoint(() => new DatagramRecorder(), options);
    expect(() => create({})).toThrow(/one of localAddr, remoteAddr and family is needed/);
    expect(() => create({ localAdr: 1 })).toThrow(/did you mean 'localAddr'/);
    for (const end of ['127.0.0.1', 5, [], ['x'], { host: 'x' }]) {
      expect(() => create({ localAddr: end })).toThrow(/localAddr must be \[host, port\]/);
      expect(() => create({ remoteAddr: end })).toThrow(/remoteAddr must be \[host, port\]/);
    }
    expect(() => create({ localAddr: [5, 5] })).toThrow(/localAddr\[0\] must be a string/);
    expect(() => create({ localAddr: ['::1', -5] })).toThrow(/localAddr\[1\] must be an integer/);
    expect(() => create({ ...LOCAL, family: 5 })).toThrow(/family must be 0, 4 or 6/);
    expect(() => create({ ...LOCAL, broadcast: 1 })).toThrow(/broadcast must be true or false/);
    expect(() => create({ ...LOCAL, multicast: { group: 1 } })).toThrow(/did you mean 'groups'/);
    expect(() => create({ ...LOCAL, multicast: { ttl: 256 } })).toThrow(/ttl must be an integer/);
    expect(() => create({ ...LOCAL, multicast: { groups: [5] } })).toThrow(/must be strings/);
    expect(() => createDatagramEndpoint(null as any, LOCAL)).toThrow(/must be a function/);
    const mixed = yield* rejection(() =>
      open({ localAddr: ['127.0.0.1', 0], remoteAddr: ['::1', 9] }),
    );
    expect(mixed).toMatchObject({
      name: 'RangeError',
      message: 'localAddr and remoteAddr have no address of the same family',
    });
    const taken = yield* open();
    expect(yield* rejection(() => open({ localAddr: addressOf(taken) }))).toMatchObject({
      code: 'EADDRINUSE',
    });
    const thrown = yield* rejection(() =>
      createDatagramEndpoint(() => {
        throw new Error('no protocol');
      }, LOCAL),
    );
    expect(thrown.message).toBe('no protocol');
  });

  check('family alone is a socket that is bound when it sends', function* () {
    const far = yield* open();
    const near = yield* open({ family: 4 });
    near.transport.sendto('hello', addressOf(far));
    yield* until(() => far.received.length === 1);
    far.transport.sendto('back', far.received[0]![1]);
    yield* until(() => near.received.length === 1);
  });

  check('an aborted signal ends the attempt', function* () {
    const signal = AbortSignal.abort(new Error('enough'));
    expect(yield* rejection(() => open({ ...LOCAL, signal }))).toMatchObject({
      name: 'AbortError',
      code: 'ABORT_ERR',
    });
    const opening = getRunningLoop().createDatagramEndpoint(() => new DatagramRecorder(), LOCAL);
    expect(opening.cancel()).toBe(true);
    expect((yield* rejection(() => opening)).name).toBe('CancelledError');
  });
});

const check = (name: string, body: () => Coro<void>): void => checkOn('auto', name, body);

check('IPv6, with its own addresses', function* () {
  const far = yield* open({ localAddr: ['::1', 0] });
  const near = yield* open({ remoteAddr: addressOf(far), ipv6Only: true });
  near.transport.sendto('six');
  yield* until(() => far.received.length === 1);
  expect(far.received).toEqual([['six', addressOf(near)]]);
  expect(addressOf(near)[0]).toBe('::1');
});

check('multicast: a group is joined and left', function* () {
  const member = yield* open({
    localAddr: ['0.0.0.0', 0],
    reuseAddress: true,
    multicast: { groups: ['239.1.2.3'], interface: '127.0.0.1', ttl: 0, loopback: true },
  });
  const [, port] = addressOf(member);
  const sender = yield* open({ family: 4, multicast: { interface: '127.0.0.1', ttl: 0 } });
  sender.transport.sendto('to all', ['239.1.2.3', port]);
  yield* until(() => member.received.length === 1);
  const socket = member.transport.getExtraInfo('socket');
  expect(() => socket.addMembership('239.1.2.3', '127.0.0.1')).toThrow(/EADDRINUSE/);
  socket.dropMembership('239.1.2.3', '127.0.0.1');
  sender.transport.sendto('to nobody', ['239.1.2.3', port]);
  sender.transport.sendto('to one', ['127.0.0.1', port]);
  yield* until(() => member.received.length === 2);
  expect(member.texts).toEqual(['to all', 'to one']);
  expect(() => socket.addMembership('no group')).toThrow(/addMembership EINVAL no group/);
  expect(() => socket.addMembership('239.1.2.3', 'no such')).toThrow(/addMembership ENODEV/);
  expect(() => socket.setMulticastTTL(256)).toThrow(/ttl must be an integer from 0 to 255/);
  expect(() => socket.setTTL(0)).toThrow(/ttl must be an integer from 1 to 255/);
  expect(() => socket.addMembership(5 as any)).toThrow(/group must be a string/);
  socket.setBroadcast(true);
  socket.setTTL(64);
  socket.setMulticastLoopback(false);
});

check('sockets that share a port', function* () {
  const first = yield* open({ ...LOCAL, reusePort: true });
  const second = yield* open({ localAddr: addressOf(first), reusePort: true });
  expect(addressOf(second)).toEqual(addressOf(first));
});

test("Node's dgram on the other end, in both directions", async () => {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  try {
    await run(async () => {
      const [transport, protocol] = await createDatagramEndpoint(() => new DatagramRecorder(), {
        remoteAddr: ['127.0.0.1', port],
      });
      const heard = once(socket, 'message');
      transport.sendto('ping');
      const [data, from] = (await heard) as [Buffer, { address: string; port: number }];
      expect(String(data)).toBe('ping');
      expect([from.address, from.port]).toEqual(transport.getExtraInfo('sockname'));
      for (let n = 0; n < 10; n++) socket.send(`pong ${n}`, from.port, from.address);
      while (protocol.received.length < 10) await new Promise((done) => setImmediate(done));
      expect(protocol.texts).toEqual(Array.from({ length: 10 }, (_, n) => `pong ${n}`));
      transport.close();
    });
  } finally {
    socket.close();
  }
});

test('bursts of equal sizes travel as runs, and are told apart', async () => {
  await run(function* () {
    const far = yield* open();
    const near: DatagramTransport = (yield* open({ remoteAddr: addressOf(far) })).transport;
    const sizes = [1200, 1200, 1200, 700, 1, 1, 1, 0, 0, 1400, 1400];
    for (const [n, size] of sizes.entries()) near.sendto(Buffer.alloc(size, 97 + n));
    yield* until(() => far.received.length === sizes.length);
    expect(far.texts).toEqual(sizes.map((size, n) => String.fromCharCode(97 + n).repeat(size)));
  });
});
