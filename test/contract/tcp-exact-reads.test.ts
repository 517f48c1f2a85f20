// readexactly() of much: it is received into the memory in which it is handed out, and what was
// sent is what is read, wherever it was cut and whatever is read before and after.
import {
  CancelledError,
  createTask,
  IncompleteReadError,
  openConnection,
  run,
  sleep,
  startServer,
} from 'oxbow';
import type { Coro, StreamReader, StreamWriter } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { authority, serverCertificate } from '../support/certificates.ts';
import { collectGarbage } from '../support/garbage.ts';
import { bothHalves } from '../tls/halves.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Bytes of which no part looks like another. */
const PATTERN = Buffer.alloc(4 * MIB);
for (let at = 0, state = 7; at < PATTERN.length; at++) {
  state = (state * 1103515245 + 12345) & 0x7fffffff;
  PATTERN[at] = state >>> 16;
}

interface Ends {
  reader: StreamReader;
  writer: StreamWriter;
  /** The writer at the other end. */
  far: StreamWriter;
}

/** A reader, and who writes to it. */
function* between(body: (ends: Ends) => Coro<void>, options = {}, clientOptions = {}): Coro<void> {
  let far!: StreamWriter;
  const server = yield* startServer(
    (_reader, writer) => {
      far = writer;
    },
    'localhost',
    0,
    options,
  );
  const [, port] = server.sockets[0]!.getsockname() as [string, number];
  const [reader, writer] = yield* openConnection('localhost', port, clientOptions);
  while (far === undefined) yield* sleep(0.001);
  yield* body({ reader, writer, far });
  writer.close();
  far.close();
  server.close();
  yield* server.waitClosed();
}

/** Reads of many sizes, one after the other, of one stream. */
function* allOf({ reader, far }: Ends): Coro<void> {
  const sizes = [10, 300 * KIB, 1, 64 * KIB, MIB, MIB + 1, 100_000, 3];
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const writing = createTask(function* () {
    let at = 0;
    for (let n = 0; at < all; n++) {
      const end = Math.min(at + [1, 70_000, 500_000, 30][n % 4]!, all);
      far.write(PATTERN.subarray(at, end));
      at = end;
      yield* far.drain();
    }
    far.write('line\nrest');
    far.writeEof();
  });
  let at = 0;
  for (const size of sizes) {
    const read = yield* reader.readexactly(size);
    expect(read.length).toBe(size);
    expect(read.equals(PATTERN.subarray(at, at + size))).toBe(true);
    at += size;
  }
  expect(String(yield* reader.readline())).toBe('line\n');
  expect(String(yield* reader.read())).toBe('rest');
  yield* writing;
}

test('reads of all sizes, of pieces of all sizes', () => run(() => between(allOf)));

test('in simulated time', () => runVirtual(() => between(allOf)));

test.each(bothHalves())('through TLS of %s', async (_name, half) => {
  half.use();
  try {
    const root = await authority('root');
    const { chain: cert, key } = await serverCertificate(root);
    await run(() => between(allOf, { tls: { cert, key } }, { tls: { ca: root.cert } }));
  } finally {
    half.restore();
  }
});

test('a cancel in the middle loses nothing', () =>
  run(() =>
    between(function* ({ reader, far }) {
      const reading = createTask(function* () {
        yield* reader.readexactly(2 * MIB);
      });
      far.write(PATTERN.subarray(0, 500_000));
      while (!String(reader).includes('500000 bytes')) yield* sleep(0.001);
      reading.cancel();
      try {
        yield* reading;
      } catch (error) {
        expect(error).toBeInstanceOf(CancelledError);
      }
      far.write(PATTERN.subarray(500_000, 2 * MIB));
      expect((yield* reader.read(1000)).equals(PATTERN.subarray(0, 1000))).toBe(true);
      const rest = yield* reader.readexactly(2 * MIB - 1000);
      expect(rest.equals(PATTERN.subarray(1000, 2 * MIB))).toBe(true);
    }),
  ));

test('an end in the middle gives what came', () =>
  run(() =>
    between(function* ({ reader, far }) {
      const reading = reader.readexactly(2 * MIB);
      far.write(PATTERN.subarray(0, 700_000));
      far.writeEof();
      let partial: Uint8Array | null = null;
      try {
        yield* reading;
      } catch (error) {
        partial = (error as IncompleteReadError).partial;
      }
      expect(Buffer.compare(Buffer.from(partial!), PATTERN.subarray(0, 700_000))).toBe(0);
    }),
  ));

test('who waits for 1 GiB has the memory of what came', () =>
  run(() =>
    between(function* ({ reader, far }) {
      far.write(PATTERN);
      yield* reader.readexactly(PATTERN.length);
      collectGarbage();
      const before = process.memoryUsage().arrayBuffers;
      const reading = reader.readexactly(2 ** 30);
      far.write(PATTERN.subarray(0, 100_000));
      while (!String(reader).includes('100000 bytes')) yield* sleep(0.001);
      collectGarbage();
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * MIB);
      reading.cancel();
    }),
  ));
