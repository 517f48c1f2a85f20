/**
 * What a slow peer leaves unsent: it stays with its owner, in order, counted to the byte, and costs
 * no more than it must. On both drivers, over pairs in memory.
 */
import { type Coro, newEventLoop, type Transport } from 'oxbow';
import { connectedPair } from 'oxbow/testing';

import { caught, Recorder, until } from '../contract/tcp-support.ts';
import { collectGarbage } from '../support/garbage.ts';

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * 1024;

/** Bytes in which every place can be told from its neighbours. */
function pattern(size: number, seed = 0): Buffer {
  const bytes = Buffer.alloc(size);
  for (let n = 0; n < size; n++) bytes[n] = (n * 31 + (n >> 12) + seed) & 255;
  return bytes;
}

function* pair(): Coro<[Recorder, Recorder]> {
  const [[, near], [, far]] = yield* connectedPair(
    () => new Recorder(),
    () => new Recorder(),
  );
  return [near, far];
}

/** A pair whose far end does not read, with so much written that more will stay where it is. */
function* stalled(): Coro<[near: Recorder, far: Recorder, written: Buffer[]]> {
  const [near, far] = yield* pair();
  far.transport.pauseReading();
  const first = pattern(4 * MEBIBYTE);
  near.transport.write(first);
  expect(near.transport.getWriteBufferSize()).toBeGreaterThan(3 * MEBIBYTE - 64 * KIBIBYTE);
  return [near, far, [first]];
}

/** What arrives from now on; the far end keeps nothing else. */
function* all(far: Recorder, written: readonly Buffer[]): Coro<boolean> {
  const expected = Buffer.concat(written);
  far.transport.resumeReading();
  return (yield* far.atLeast(expected.length)).equals(expected);
}

describe.each(['auto', 'virtual'])('unsent bytes on %s', (driver) => {
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

  check('everything arrives whole and in order, also behind a large buffer', function* () {
    const [near, far, written] = yield* stalled();
    const { transport } = near;
    for (const size of [1, 5000, 8192, 8193, 65_535, 65_536, 65_537, 1, 300_000, 3, 20_000]) {
      const piece = pattern(size, size);
      written.push(piece);
      transport.write(piece);
    }
    for (const text of ['é', 'x'.repeat(4096), 'ü'.repeat(4097), '€'.repeat(70_000), 'end']) {
      written.push(Buffer.from(text));
      transport.write(text);
    }
    expect(yield* all(far, written)).toBe(true);
    expect(transport.getWriteBufferSize()).toBe(0);
  });

  check('the count is exact: what was written less what the kernel has', function* () {
    const [near, far] = yield* pair();
    far.transport.pauseReading();
    let kernel = -1;
    let sum = 0;
    const write = (data: string | Buffer): void => {
      near.transport.write(data);
      sum += Buffer.byteLength(data);
      if (kernel >= 0) expect(near.transport.getWriteBufferSize()).toBe(sum - kernel);
    };
    write(Buffer.alloc(4 * MEBIBYTE));
    kernel = sum - near.transport.getWriteBufferSize();
    expect(kernel).toBeGreaterThan(0);
    for (let n = 0; n < 100; n++) {
      write('x'.repeat(n));
      write(Buffer.alloc(n * 1000));
      if (n % 10 === 0) yield;
    }
    const sizes: number[] = [];
    far.transport.resumeReading();
    while (near.transport.getWriteBufferSize() > 0) {
      sizes.push(near.transport.getWriteBufferSize());
      yield;
    }
    expect(sizes.every((size, n) => n === 0 || size <= sizes[n - 1]!)).toBe(true);
    yield* far.atLeast(sum);
  });

  check("another connection's bytes are not counted", function* () {
    const [near] = yield* pair();
    const [other] = yield* pair();
    for (let n = 0; n < 20; n++) other.transport.write(Buffer.alloc(8000));
    near.transport.write('x');
    expect(near.transport.getWriteBufferSize()).toBe(1);
    expect(near.events).not.toContain('pause');
  });

  check("up to 64 KiB are the caller's again when write returns", function* () {
    const [near, far, written] = yield* stalled();
    for (const size of [10, 8000, 9000, 65_536]) {
      const piece = pattern(size, size);
      written.push(Buffer.from(piece));
      near.transport.write(piece);
      piece.fill(9);
    }
    expect(yield* all(far, written)).toBe(true);
  });

  check('larger ones are when writing goes on, though the peer has not read them', function* () {
    const [near, far] = yield* pair();
    far.transport.pauseReading();
    const piece = pattern(2 * MEBIBYTE);
    const expected = Buffer.from(piece);
    near.transport.write(piece);
    expect(near.events.at(-1)).toBe('pause');
    const receive = far.dataReceived.bind(far);
    far.dataReceived = (data) => {
      receive(data);
      // At the very first moment at which it is allowed.
      if (near.events.at(-1) === 'resume') piece.fill(9);
    };
    far.transport.resumeReading();
    expect((yield* far.atLeast(expected.length)).equals(expected)).toBe(true);
  });

  check('with a high mark above it, what does not pause the writer is copied', function* () {
    const [near, far, written] = yield* stalled();
    near.transport.setWriteBufferLimits({ high: 64 * MEBIBYTE, low: 32 * MEBIBYTE });
    yield* until(() => near.events.includes('resume'));
    const piece = pattern(MEBIBYTE, 5);
    written.push(Buffer.from(piece));
    near.transport.write(piece);
    expect(near.events.at(-1)).toBe('resume');
    piece.fill(9);
    expect(yield* all(far, written)).toBe(true);
  });

  check('close sends what waits in JavaScript, too', function* () {
    const [near, far, written] = yield* stalled();
    near.transport.close();
    for (let n = 0; n < 5; n++) yield;
    expect(near.events).not.toContain('lost');
    expect(yield* all(far, written)).toBe(true);
    yield* far.ended;
    expect(yield* near.lost).toBe(null);
  });

  check('writeEof ends the direction behind what waits, and close after it', function* () {
    for (const then of ['nothing', 'close']) {
      const [near, far, written] = yield* stalled();
      far.keepOpen = then === 'nothing';
      near.transport.writeEof();
      if (then === 'close') near.transport.close();
      for (let n = 0; n < 5; n++) yield;
      expect(far.events).toEqual(['made']);
      expect(yield* all(far, written)).toBe(true);
      yield* far.ended;
      if (then === 'nothing') {
        far.transport.write('answer');
        expect(String(yield* near.atLeast(6))).toBe('answer');
        far.transport.close();
      }
      expect(yield* near.lost).toBe(null);
    }
  });

  check('abort drops it, and it counts no more', function* () {
    const [near, far] = yield* stalled();
    near.transport.close();
    near.transport.abort();
    expect(yield* near.lost).toBe(null);
    expect(near.transport.getWriteBufferSize()).toBe(0);
    far.transport.resumeReading();
    yield* far.lost;
    expect(far.received.length).toBeLessThan(4 * MEBIBYTE);
  });

  check('a peer that goes away while bytes wait ends the connection once', function* () {
    const [near, far] = yield* stalled();
    far.transport.abort();
    const error = yield* near.lost;
    expect(['EPIPE', 'ECONNRESET', undefined]).toContain((error as { code?: string } | null)?.code);
    expect(near.events.filter((event) => event === 'lost')).toHaveLength(1);
    near.transport.write(Buffer.alloc(MEBIBYTE));
    expect(near.transport.getWriteBufferSize()).toBe(0);
  });

  check('a buffer that is transferred before it is sent ends the connection', function* () {
    const contexts = caught();
    const [near, far] = yield* pair();
    far.transport.pauseReading();
    const piece = new Uint8Array(4 * MEBIBYTE).fill(7);
    near.transport.write(piece);
    structuredClone(piece.buffer, { transfer: [piece.buffer] });
    // What takes its place in the process's memory must not go out.
    const others = Array.from({ length: 8 }, () => Buffer.alloc(4 * MEBIBYTE, 9));
    far.transport.resumeReading();
    const error = yield* near.lost;
    expect(error).toMatchObject({ message: expect.stringContaining('transferred') });
    yield* far.lost;
    expect(far.received.every((byte) => byte === 7)).toBe(true);
    expect(contexts).toHaveLength(1);
    expect(contexts[0]!.exception === error).toBe(true);
    expect(others).toHaveLength(8);
  });

  check('a buffer that shrinks, too; one that grows is sent as it was', function* () {
    const contexts = caught();
    for (const size of [MEBIBYTE, 5 * MEBIBYTE]) {
      const [near, far] = yield* pair();
      far.transport.pauseReading();
      const Resizable = ArrayBuffer as unknown as new (
        size: number,
        options: { maxByteLength: number },
      ) => ArrayBuffer & { resize(size: number): void };
      const buffer = new Resizable(4 * MEBIBYTE, { maxByteLength: 8 * MEBIBYTE });
      const view = new Uint8Array(buffer).fill(7);
      near.transport.write(view);
      buffer.resize(size);
      near.transport.close();
      far.transport.resumeReading();
      const error = yield* near.lost;
      yield* far.lost;
      expect(far.received.every((byte) => byte === 7)).toBe(true);
      if (size > 4 * MEBIBYTE) {
        expect(error).toBe(null);
        expect(far.received.length).toBe(4 * MEBIBYTE);
      } else {
        expect(error).toMatchObject({ message: expect.stringContaining('made smaller') });
      }
    }
    expect(contexts).toHaveLength(1);
  });

  check('a length that lies does not send what others have written', function* () {
    const [near, far] = yield* pair();
    const [other] = yield* pair();
    class Liar extends Uint8Array {
      override get length(): number {
        return 5000;
      }
    }
    const liar = Object.defineProperty(Buffer.alloc(10, 1), 'length', { value: 5000 });
    other.transport.write(Buffer.alloc(8000, 9));
    for (const bytes of [new Liar(10).fill(1), liar]) near.transport.write(bytes);
    expect(near.transport.getWriteBufferSize()).toBe(20);
    near.transport.close();
    yield* far.lost;
    expect(far.received.length).toBe(20);
    expect(far.received.includes(9)).toBe(false);
  });

  check('what is refused changes nothing, also in the middle of writelines', function* () {
    const [near, far] = yield* pair();
    const { transport } = near;
    const proxy = new Proxy(Buffer.alloc(10), {});
    const thrower = function* (): Generator<string> {
      yield 'never sent';
      throw new Error('on purpose');
    };
    const like = Object.create(Uint8Array.prototype);
    for (const wrong of [5, null, {}, [1], Symbol('s'), proxy, like]) {
      expect(() => transport.write(wrong as never)).toThrow(TypeError);
      expect(() => transport.writelines(['never sent', wrong as never])).toThrow(TypeError);
    }
    expect(() => transport.writelines(thrower())).toThrow('on purpose');
    expect(transport.getWriteBufferSize()).toBe(0);
    transport.writelines(['sent', Buffer.from('!')]);
    transport.close();
    yield* far.lost;
    expect(String(far.received)).toBe('sent!');
  });

  check('shared memory is sent as it stands', function* () {
    const [near, far] = yield* pair();
    const small = new Uint8Array(new SharedArrayBuffer(100)).fill(1);
    const large = new SharedArrayBuffer(MEBIBYTE);
    new Uint8Array(large).fill(2);
    near.transport.write(small);
    near.transport.write(large);
    const expected = Buffer.concat([Buffer.alloc(100, 1), Buffer.alloc(MEBIBYTE, 2)]);
    expect((yield* far.atLeast(expected.length)).equals(expected)).toBe(true);
  });

  check('tiny pieces are joined, so that each costs a byte', function* () {
    const [near, far, written] = yield* stalled();
    const count = 300_000;
    collectGarbage();
    const before = process.memoryUsage();
    for (let n = 0; n < count; n++) near.transport.write('x');
    collectGarbage();
    const after = process.memoryUsage();
    const grown = after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed;
    // A Buffer or an object for each would be 30 MB.
    expect(grown).toBeLessThan(20 * MEBIBYTE);
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(2 * MEBIBYTE);
    written.push(Buffer.alloc(count, 'x'));
    expect(yield* all(far, written)).toBe(true);
  });

  check('a hundred stalled readers of one buffer cost that buffer', function* () {
    const big = pattern(10 * MEBIBYTE);
    const pairs: Array<[Recorder, Recorder]> = [];
    for (let n = 0; n < 100; n++) pairs.push(yield* pair());
    for (const [, far] of pairs) far.transport.pauseReading();
    const before = process.memoryUsage();
    for (const [near] of pairs) near.transport.write(big);
    for (let n = 0; n < 3; n++) yield;
    const after = process.memoryUsage();
    const unsent = (transport: Transport): number => transport.getWriteBufferSize();
    for (const [near] of pairs) expect(unsent(near.transport)).toBeGreaterThan(9 * MEBIBYTE);
    // In simulated memory the 64 KiB that the pipe holds are ours as well.
    expect(after.rss - before.rss).toBeLessThan(40 * MEBIBYTE);
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(MEBIBYTE);
    for (const [near] of pairs) near.transport.abort();
  });
});
