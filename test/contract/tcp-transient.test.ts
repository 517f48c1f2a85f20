/** Reads whose bytes are valid during `dataReceived` only, over a pair, on both drivers. */
import {
  BufferedProtocol,
  type Coro,
  createConnection,
  newEventLoop,
  Protocol,
  run,
  startServer,
  type Transport,
} from 'oxbow';
import { connectedPair } from 'oxbow/testing';

import { portOf, Recorder, until } from './tcp-support.ts';

/** Copies what it gets; `kept` has the Buffers themselves. */
class Copier extends Protocol {
  readonly kept: Buffer[] = [];
  readonly copies: Buffer[] = [];
  transport!: Transport;
  ended = false;
  onData: () => void = () => {};

  override connectionMade(transport: Transport): void {
    this.transport = transport;
  }

  override dataReceived(data: Buffer): void {
    this.kept.push(data);
    this.copies.push(Buffer.from(data));
    this.onData();
  }

  override eofReceived(): void {
    this.ended = true;
  }

  get text(): string {
    return Buffer.concat(this.copies).toString('latin1');
  }
}

/** Pseudo-random whole numbers below `limit`. */
function random(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

describe.each(['auto', 'virtual'])('transient reads on %s', (driver) => {
  function check(name: string, body: () => Coro<void>, debug = false): void {
    test(name, async () => {
      const loop = newEventLoop({ driver, debug });
      try {
        await loop.runUntilComplete(body());
      } finally {
        loop.close();
      }
    });
  }

  function* pair(): Coro<[Recorder, Copier]> {
    const [[, near], [, far]] = yield* connectedPair(
      () => new Recorder(),
      () => new Copier(),
    );
    return [near, far];
  }

  check('one memory takes the bytes of all connections, one after the other', function* () {
    const [near, far] = yield* pair();
    const [other, distant] = yield* pair();
    for (const { transport } of [far, distant]) transport.setTransientReads(true);
    near.transport.write('first');
    yield* until(() => far.text === 'first');
    expect(far.kept[0]!.toString()).toBe('first');
    other.transport.write('2nd');
    yield* until(() => distant.text === '2nd');
    expect(far.kept[0]!.toString()).toBe('2ndst');
    near.transport.write('last');
    yield* until(() => far.text === 'firstlast');
    expect(distant.kept[0]!.toString()).toBe('las');
    expect(new Set([...far.kept, ...distant.kept].map(({ buffer }) => buffer)).size).toBe(1);
  });

  check("without it, and after it, the bytes are the protocol's own", function* () {
    const [near, far] = yield* pair();
    const texts = ['before', 'during', 'after it', 'and ever'];
    for (const [n, text] of texts.entries()) {
      if (n === 1) far.transport.setTransientReads(true);
      if (n === 2) far.transport.setTransientReads(false);
      near.transport.write(text);
      yield* until(() => far.copies.length === n + 1);
    }
    expect(far.text).toBe(texts.join(''));
    expect(far.kept.filter((_, n) => n !== 1).map(String)).toEqual(texts.filter((_, n) => n !== 1));
  });

  check('an echo of transient bytes is whole, however large and often', function* () {
    const [near, far] = yield* pair();
    far.transport.setTransientReads(true);
    far.onData = () => far.transport.write(far.kept.at(-1)!);
    const sent: Buffer[] = [];
    const next = random(7);
    for (let n = 0; n < 40; n++) {
      const piece = Buffer.alloc(1 + next(100_000), n);
      sent.push(piece);
      near.transport.write(piece);
    }
    const expected = Buffer.concat(sent);
    expect((yield* near.atLeast(expected.length)).equals(expected)).toBe(true);
    expect(Math.max(...far.kept.map(({ length }) => length))).toBeLessThanOrEqual(65_536);
  });

  check('it may be changed, and reading paused, at any time: nothing is lost', function* () {
    for (let seed = 1; seed <= 30; seed++) {
      const [near, far] = yield* pair();
      const next = random(seed);
      const change = (): void => {
        const { transport } = far;
        const choice = next(6);
        if (choice === 0) transport.pauseReading();
        else if (choice === 1) transport.resumeReading();
        else if (choice < 5) transport.setTransientReads(choice !== 2);
      };
      far.onData = change;
      let sent = '';
      for (let n = 0; n < 60; n++) {
        const piece = String.fromCharCode(97 + (n % 26)).repeat(1 + next(3000));
        sent += piece;
        near.transport.write(piece);
        change();
        if (next(2) === 0) yield;
      }
      near.transport.close();
      far.onData = () => {};
      far.transport.resumeReading();
      yield* until(() => far.ended);
      if (far.text !== sent) throw new Error(`seed ${seed}: not what was sent`);
    }
  });

  check('what was held back while reading was paused keeps its bytes', function* () {
    const [near, far] = yield* pair();
    near.transport.write('one');
    // Received by C++ as the protocol's own before this is told.
    far.onData = () => far.transport.pauseReading();
    yield* until(() => far.text === 'one');
    near.transport.write('two');
    yield;
    far.transport.setTransientReads(true);
    yield;
    far.onData = () => {};
    far.transport.resumeReading();
    near.transport.write('three');
    yield* until(() => far.text === 'onetwothree');
  });

  check('a BufferedProtocol takes no notice', function* () {
    const [near, far] = yield* pair();
    const { transport } = far;
    transport.setTransientReads(true);
    const memory = Buffer.alloc(16);
    let count = 0;
    transport.setProtocol(
      new (class extends BufferedProtocol {
        override getBuffer(): Buffer {
          return memory;
        }
        override bufferUpdated(size: number): void {
          count += size;
        }
      })(),
    );
    near.transport.write('delta');
    yield* until(() => count === 5);
    expect(memory.toString('latin1', 0, 5)).toBe('delta');

    transport.setProtocol(far);
    near.transport.write('omega');
    yield* until(() => far.text === 'omega');
    near.transport.write('psi');
    yield* until(() => far.text === 'omegapsi');
    expect(far.kept[0]!.toString()).toBe('psiga');
  });

  check('memory that was transferred away is replaced', function* () {
    const [near, far] = yield* pair();
    far.transport.setTransientReads(true);
    near.transport.write('gone');
    yield* until(() => far.text === 'gone');
    const { buffer } = far.kept[0]!;
    structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
    near.transport.write('there');
    yield* until(() => far.text === 'gonethere');
  });

  check(
    'in debug mode, bytes that were kept are seen to be stale at once',
    function* () {
      const [near, far] = yield* pair();
      far.transport.setTransientReads(true);
      near.transport.write('stale');
      yield* until(() => far.text === 'stale');
      expect([...far.kept[0]!]).toEqual(Array(5).fill(0xdd));
    },
    true,
  );

  check('the end of the stream and a closed transport are as ever', function* () {
    const [near, far] = yield* pair();
    far.transport.setTransientReads(true);
    near.transport.write('last words');
    near.transport.close();
    yield* until(() => far.ended);
    expect(far.text).toBe('last words');
    far.transport.setTransientReads(false);
    far.transport.setTransientReads(true);
    expect(() => far.transport.setTransientReads(1 as never)).toThrow(
      new TypeError('setTransientReads(): 1 is not a boolean'),
    );
    expect(() => far.transport.setTransientReads(undefined as never)).toThrow(TypeError);
  });
});

test('streams take no notice: what waits in a reader stays as it was', () =>
  run(function* () {
    const server = yield* startServer(
      function* (reader, writer) {
        writer.transport.setTransientReads(true);
        writer.write('go');
        // All of it waits here before any is read.
        yield* until(() => String(reader).includes(' 14 bytes'));
        writer.write(yield* reader.readexactly(14));
        writer.close();
      },
      '127.0.0.1',
      0,
    );
    const [transport, client] = yield* createConnection(
      () => new Recorder(),
      '127.0.0.1',
      portOf(server),
    );
    yield* client.atLeast(2);
    for (const piece of ['alpha', 'beta', 'gamma']) {
      transport.write(piece);
      yield;
      yield;
    }
    expect((yield* client.atLeast(16)).toString()).toBe('goalphabetagamma');
    yield* server.shutdown();
  }));
