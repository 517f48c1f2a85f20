/** Transports over an in-memory pair, on both drivers: order, flow control, ends, bad callbacks. */
import { type Coro, newEventLoop, Protocol } from 'oxbow';
import { connectedPair } from 'oxbow/testing';

import { caught, Recorder, until } from './tcp-support.ts';

const MEBIBYTE = 1024 * 1024;

describe.each(['auto', 'virtual'])('transport on %s', (driver) => {
  /** A test whose body runs in a loop of its own on this driver. */
  function check(name: string, body: () => Coro<void>): void {
    test(name, async () => {
      const loop = newEventLoop({ driver });
      try {
        await loop.runUntilComplete(body());
      } finally {
        loop.close();
      }
    });
  }

  function* pair(): Coro<[Recorder, Recorder]> {
    const [[, near], [, far]] = yield* connectedPair(
      () => new Recorder(),
      () => new Recorder(),
    );
    return [near, far];
  }

  check('connectionLost can tell of whom: addresses are known once it is closed', function* () {
    const [near, far] = yield* pair();
    const told: unknown[] = [];
    for (const end of [near, far]) {
      const { connectionLost } = end;
      end.connectionLost = (error) => {
        told.push(end.transport.getExtraInfo('sockname'), end.transport.getExtraInfo('peername'));
        connectionLost.call(end, error);
      };
    }
    near.transport.close();
    yield* near.lost;
    yield* far.lost;
    const [sockname, peername] = told;
    expect(told).toEqual([sockname, peername, peername, sockname]);
    expect(told).not.toContain(null);
    // Also who is told to end at once, and asks later.
    const [aborted, other] = yield* pair();
    aborted.transport.abort();
    yield* aborted.lost;
    yield* other.lost;
    expect(aborted.transport.getExtraInfo('peername')).toEqual(
      other.transport.getExtraInfo('sockname'),
    );
  });

  check('data arrives whole and in order, text as UTF-8, bytes of every shape', function* () {
    const [near, far] = yield* pair();
    near.transport.write('é€😀');
    near.transport.write(new Uint16Array([0x4142]));
    near.transport.write(new DataView(new ArrayBuffer(3), 1, 1));
    near.transport.write(new Uint8Array([1, 2]).buffer);
    near.transport.write('');
    near.transport.writelines(['x', Buffer.from('y')]);
    const expected = Buffer.concat([
      Buffer.from('é€😀'),
      Buffer.from([0x42, 0x41, 0, 1, 2]),
      Buffer.from('xy'),
    ]);
    expect(yield* far.atLeast(expected.length)).toEqual(expected);
    expect(far.chunks).toHaveLength(1);
  });

  check('small and large writes keep their order', function* () {
    const [near, far] = yield* pair();
    const pieces = [10, 9000, 1, 300_000, 5, 4097].map((size, n) => Buffer.alloc(size, 65 + n));
    for (const piece of pieces) near.transport.write(piece);
    near.transport.write('z'.repeat(5000));
    const expected = Buffer.concat([...pieces, Buffer.alloc(5000, 'z')]);
    expect((yield* far.atLeast(expected.length)).equals(expected)).toBe(true);
  });

  check('write takes the bytes over at once', function* () {
    const [near, far] = yield* pair();
    const small = Buffer.alloc(100, 1);
    const large = Buffer.alloc(64 * 1024, 2);
    near.transport.write(small);
    near.transport.write(large);
    small.fill(9);
    large.fill(9);
    expect((yield* far.atLeast(100 + large.length)).includes(9)).toBe(false);
  });

  check('what is no data is refused by name', function* () {
    const [near] = yield* pair();
    for (const wrong of [5, null, undefined, {}, [1], () => 1, true]) {
      expect(() => near.transport.write(wrong as never)).toThrow(/^data must be a string/);
    }
    expect(() => near.transport.writelines('text' as never)).toThrow(TypeError);
  });

  check('pauseWriting above high inside write, resumeWriting at low', function* () {
    const [near, far] = yield* pair();
    far.transport.pauseReading();
    near.transport.setWriteBufferLimits({ high: 1000, low: 500 });
    let written = 0;
    while (!near.events.includes('pause')) {
      near.transport.write(Buffer.alloc(64 * 1024));
      written += 64 * 1024;
    }
    expect(near.transport.getWriteBufferSize()).toBeGreaterThan(1000);
    expect(near.events).toEqual(['made', 'pause']);
    far.transport.resumeReading();
    yield* until(() => near.events.includes('resume'));
    expect(near.transport.getWriteBufferSize()).toBeLessThanOrEqual(500);
    expect((yield* far.atLeast(written)).length).toBe(written);
  });

  check('limits: defaults, derived values, bad ones', function* () {
    const [{ transport }] = yield* pair();
    expect(transport.getWriteBufferLimits()).toEqual([16 * 1024, 64 * 1024]);
    transport.setWriteBufferLimits({ high: 100 });
    expect(transport.getWriteBufferLimits()).toEqual([25, 100]);
    transport.setWriteBufferLimits({ low: 100 });
    expect(transport.getWriteBufferLimits()).toEqual([100, 400]);
    expect(() => transport.setWriteBufferLimits({ high: 1, low: 2 })).toThrow(RangeError);
    expect(() => transport.setWriteBufferLimits({ low: -1 })).toThrow(RangeError);
    expect(() => transport.setWriteBufferLimits({ high: NaN })).toThrow(RangeError);
  });

  check('a stalled peer holds 100 MB back: the writer is paused, memory stays', function* () {
    const [near, far] = yield* pair();
    far.transport.pauseReading();
    const block = Buffer.alloc(MEBIBYTE);
    let sent = 0;
    let most = 0;
    const paused = () =>
      near.events.filter((event) => event === 'pause').length >
      near.events.filter((event) => event === 'resume').length;
    const total = 100 * MEBIBYTE;
    while (sent < total) {
      if (paused()) {
        if (far.transport.isReading()) far.transport.pauseReading();
        for (let n = 0; n < 3; n++) yield;
        far.chunks.length = 0;
        far.transport.resumeReading();
        yield* until(() => !paused());
        continue;
      }
      near.transport.write(block);
      sent += block.length;
      most = Math.max(most, near.transport.getWriteBufferSize());
    }
    expect(most).toBeLessThanOrEqual(64 * 1024 + MEBIBYTE);
    expect(near.events).toContain('pause');
    near.transport.abort();
    expect(yield* near.lost).toBe(null);
  });

  check('close sends everything first, connectionLost comes once and later', function* () {
    const [near, far] = yield* pair();
    const large = Buffer.alloc(3 * MEBIBYTE, 7);
    near.transport.write(large);
    near.transport.close();
    near.transport.close();
    expect(near.transport.isClosing()).toBe(true);
    expect(near.events).not.toContain('lost');
    expect(yield* near.lost).toBe(null);
    yield* far.ended;
    expect(far.received.length).toBe(large.length);
    expect(yield* far.lost).toBe(null);
    expect(near.events.filter((event) => event === 'lost')).toHaveLength(1);
  });

  check('abort drops what is unsent', function* () {
    const [near, far] = yield* pair();
    far.transport.pauseReading();
    near.transport.write(Buffer.alloc(10 * MEBIBYTE));
    near.transport.abort();
    expect(near.events).not.toContain('lost');
    expect(yield* near.lost).toBe(null);
    expect(near.transport.getWriteBufferSize()).toBe(0);
    far.transport.resumeReading();
    yield* far.lost;
    expect(far.received.length).toBeLessThan(10 * MEBIBYTE);
  });

  check('half-close: one direction ends, the other goes on', function* () {
    const [near, far] = yield* pair();
    far.keepOpen = true;
    near.transport.write('question');
    near.transport.writeEof();
    near.transport.writeEof();
    expect(near.transport.canWriteEof()).toBe(true);
    expect(() => near.transport.write('more')).toThrow('Cannot call write() after writeEof()');
    yield* far.ended;
    expect(String(far.received)).toBe('question');
    far.transport.write('answer');
    expect(String(yield* near.atLeast(6))).toBe('answer');
    far.transport.close();
    yield* near.lost;
    expect(near.events).toEqual(['made', 'data', 'eof', 'lost']);
  });

  check('eofReceived without true closes', function* () {
    const [near, far] = yield* pair();
    near.transport.writeEof();
    expect(yield* far.lost).toBe(null);
    expect(far.events).toEqual(['made', 'eof', 'lost']);
    yield* near.lost;
  });

  check('a paused reader is told nothing, not even the end, and then everything', function* () {
    const [near, far] = yield* pair();
    far.transport.pauseReading();
    far.transport.pauseReading();
    expect(far.transport.isReading()).toBe(false);
    near.transport.write('late');
    near.transport.writeEof();
    for (let n = 0; n < 10; n++) yield;
    expect(far.events).toEqual(['made']);
    far.transport.resumeReading();
    far.transport.resumeReading();
    yield* far.lost;
    expect(far.events).toEqual(['made', 'data', 'eof', 'lost']);
    expect(String(far.received)).toBe('late');
  });

  check('pausing inside dataReceived holds back what was already received', function* () {
    const [near, far] = yield* pair();
    const receive = far.dataReceived.bind(far);
    far.dataReceived = (data) => {
      receive(data);
      far.transport.pauseReading();
    };
    for (let n = 0; n < 5; n++) {
      near.transport.write('x'.repeat(10));
      yield;
    }
    for (let n = 0; n < 5; n++) yield;
    expect(far.chunks).toHaveLength(1);
    while (far.received.length < 50) {
      far.transport.resumeReading();
      yield;
    }
    expect(far.received.length).toBe(50);
  });

  check('write after close is dropped', function* () {
    const [near, far] = yield* pair();
    near.transport.close();
    for (let n = 0; n < 10; n++) near.transport.write('lost');
    yield* near.lost;
    near.transport.write('lost');
    near.transport.writeEof();
    near.transport.pauseReading();
    near.transport.resumeReading();
    near.transport.abort();
    near.transport.close();
    yield* far.lost;
    expect(far.chunks).toEqual([]);
  });

  check('a dead transport does not touch the one that got its number', function* () {
    const [near, far] = yield* pair();
    near.transport.abort();
    yield* far.lost;
    yield* near.lost;
    const [next, other] = yield* pair();
    near.transport.abort();
    far.transport.close();
    near.transport.write('stray');
    far.transport.writelines(['stray']);
    next.transport.write('fine');
    expect(String(yield* other.atLeast(4))).toBe('fine');
    expect(next.transport.isClosing()).toBe(false);
  });

  check('closing in connectionMade', function* () {
    class Shy extends Recorder {
      override connectionMade(transport: Parameters<Recorder['connectionMade']>[0]): void {
        super.connectionMade(transport);
        transport.close();
      }
    }
    const [[, near], [, far]] = yield* connectedPair(
      () => new Shy(),
      () => new Recorder(),
    );
    expect(yield* near.lost).toBe(null);
    expect(near.events).toEqual(['made', 'lost']);
    yield* far.lost;
  });

  check('a callback that throws is reported and ends the connection', function* () {
    const contexts = caught();
    const problem = new Error('on purpose');
    for (const method of ['dataReceived', 'eofReceived'] as const) {
      const [near, far] = yield* pair();
      far[method] = () => {
        throw problem;
      };
      near.transport.write('x');
      near.transport.writeEof();
      expect(yield* far.lost).toBe(problem);
      yield* near.lost;
      const context = contexts.pop()!;
      expect(context.message).toBe(`Fatal error: protocol.${method}() call failed.`);
      expect(context.exception === problem).toBe(true);
      expect(contexts.length).toBe(0);
    }
  });

  check('pauseWriting, resumeWriting and connectionLost may throw', function* () {
    const contexts = caught();
    const [near, far] = yield* pair();
    far.transport.pauseReading();
    const fail = () => {
      throw new Error('on purpose');
    };
    near.pauseWriting = fail;
    near.resumeWriting = fail;
    const lost = near.connectionLost.bind(near);
    near.connectionLost = (error) => {
      lost(error);
      fail();
    };
    near.transport.write(Buffer.alloc(5 * MEBIBYTE));
    far.transport.resumeReading();
    yield* far.atLeast(5 * MEBIBYTE);
    yield* until(() => contexts.length === 2);
    near.transport.close();
    yield* near.lost;
    yield* far.lost;
    yield* until(() => contexts.length === 3);
    expect(contexts.map(({ message }) => message)).toEqual([
      'protocol.pauseWriting() failed',
      'protocol.resumeWriting() failed',
      'Exception in callback protocol.connectionLost()',
    ]);
  });

  check('connectionMade that throws fails the call and ends the connection', function* () {
    const contexts = caught();
    const problem = new Error('on purpose');
    class Broken extends Protocol {
      override connectionMade(): void {
        throw problem;
      }
    }
    const opening = connectedPair(
      () => new Recorder(),
      () => new Broken(),
    );
    const error = yield* (function* (): Coro<unknown> {
      try {
        yield* opening;
        return null;
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBe(problem);
    expect(contexts.map(({ message }) => message)).toEqual([
      'Fatal error: protocol.connectionMade() call failed.',
    ]);
  });

  check('setProtocol: what comes next goes to the other', function* () {
    const [near, far] = yield* pair();
    const second = new Recorder();
    far.transport.setProtocol(second);
    expect(far.transport.getProtocol() === second).toBe(true);
    near.transport.write('x');
    yield* second.atLeast(1);
    expect(far.chunks).toEqual([]);
    expect(() => far.transport.setProtocol({} as never)).toThrow(/connectionMade/);
  });
});
