// Peers with whom the handshake was in order, and who then say what no library says: floods that
// cost us an answer, or time, for each. Each ends with an error, and holds little until then; what
// is only odd is understood.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import {
  createUnixServer,
  getRunningLoop,
  openUnixConnection,
  promise,
  Protocol,
  run,
} from 'oxbow';
import type { Coro, Future, Transport } from 'oxbow';

import { ALERT, DATA, forgedClient, HANDSHAKE, KEY_UPDATE, type Version } from './forger.ts';
import { bothHalves } from './halves.ts';
import { people, type People } from './tls-support.ts';

let who: People;
let folder: string;

beforeAll(async () => {
  who = await people();
  folder = mkdtempSync(path.join(tmpdir(), 'oxbow-floods-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

type Records = Iterable<readonly [type: number, body: Buffer]>;

function* times(count: number, type: number, body: Buffer): Generator<[number, Buffer]> {
  for (let n = 0; n < count; n++) yield [type, body];
}

function* bytewise(type: number, body: Buffer): Generator<[number, Buffer]> {
  for (const byte of body) yield [type, Buffer.of(byte)];
}

const EMPTY = Buffer.alloc(0);
const USER_CANCELED = Buffer.of(1, 90);
const NO_RENEGOTIATION = Buffer.of(1, 100);
/** Of a lifetime, an age, a nonce and a ticket: only servers send one. */
const TICKET = Buffer.from('0400001400000064000000000100000400112233440000'.padEnd(48, '0'), 'hex');

/** What a client says, and the code that the server's protocol is told at the end. */
const floods: [name: string, version: Version, records: () => Records, code: RegExp][] = [
  ['requests for new keys', 'TLSv1.3', () => times(60_000, HANDSHAKE, KEY_UPDATE), /^ENOBUFS$/],
  ['warnings', 'TLSv1.3', () => times(5000, ALERT, USER_CANCELED), /^ERR_SSL_.*ALERT/],
  ['warnings', 'TLSv1.2', () => times(5000, ALERT, USER_CANCELED), /^ERR_SSL_.*ALERT/],
  ['no, unasked', 'TLSv1.2', () => times(1, ALERT, NO_RENEGOTIATION), /^ERR_SSL_NO_RENEGOTIATION$/],
  ['records of nothing', 'TLSv1.3', () => times(5000, DATA, EMPTY), /^ERR_SSL_/],
  ['records of nothing', 'TLSv1.2', () => times(5000, DATA, EMPTY), /^ERR_SSL_/],
  ['messages of nothing', 'TLSv1.3', () => times(5000, HANDSHAKE, EMPTY), /^ERR_SSL_/],
  ['messages of nothing', 'TLSv1.2', () => times(5000, HANDSHAKE, EMPTY), /^ERR_SSL_/],
  ['a ticket, to a server', 'TLSv1.3', () => times(1, HANDSHAKE, TICKET), /^ERR_SSL_UNEXPECTED_ME/],
  ['a second finish', 'TLSv1.3', () => times(1, HANDSHAKE, Buffer.of(20, 0, 0, 0)), /^ERR_SSL_/],
  ['half an alert', 'TLSv1.3', () => times(1, ALERT, Buffer.of(1)), /^ERR_SSL_/],
  ['a record of no kind', 'TLSv1.3', () => times(1, 99, Buffer.of(1)), /^ERR_SSL_/],
  ['an alert that ends it', 'TLSv1.3', () => times(1, ALERT, Buffer.of(2, 80)), /INTERNAL_ERROR$/],
];

class Heard extends Protocol {
  transport!: Transport;
  bytes = 0;
  echoes = false;
  readonly lost: Future<unknown> = getRunningLoop().createFuture();
  readonly made: Future<void> = getRunningLoop().createFuture();

  override connectionMade(transport: Transport): void {
    this.transport = transport;
    this.made.setResult(undefined);
  }

  override dataReceived(data: Buffer): void {
    this.bytes += data.length;
    if (this.echoes) this.transport.write(data);
  }

  override connectionLost(error: unknown): void {
    this.lost.setResult(error);
  }
}

/** A server, and what its first client is to it. */
function* serving(name: string, use: (where: string, heard: Heard) => Coro<void>): Coro<void> {
  const where = path.join(folder, name);
  const first = new Heard();
  let given = false;
  const next = (): Heard => (given ? new Heard() : ((given = true), first));
  const server = yield* createUnixServer(next, where, { tls: who.mine });
  yield* use(where, first);
  // And it goes on serving.
  const [, writer] = yield* openUnixConnection(where, { tls: who.trust, servername: 'localhost' });
  writer.close();
  yield* writer.waitClosed();
  server.close();
  yield* server.waitClosed();
}

describe.each(bothHalves())('through %s', (_name, half) => {
  beforeAll(half.use);
  afterAll(half.restore);

  test.each(floods)('%s (%s)', (_what, version, records, code) =>
    run(() =>
      serving('flooded', function* (where, heard) {
        const peer = yield* promise(forgedClient(where, who.trust.ca, version));
        yield* heard.made;
        // It takes no answer.
        peer.pause();
        const said = peer.say(records()).then(peer.end);
        expect(yield* heard.lost).toMatchObject({ code: expect.stringMatching(code) });
        expect(heard.bytes).toBe(0);
        peer.close();
        yield* promise(said);
      }),
    ),
  );

  test('requests for new keys are answered to who takes the answers', () =>
    run(() =>
      serving('answered', function* (where, heard) {
        const peer = yield* promise(forgedClient(where, who.trust.ca, 'TLSv1.3'));
        yield* heard.made;
        heard.echoes = true;
        // More answers than may be unsent, and each time all of them are taken.
        for (let n = 1; n <= 12; n++) {
          yield* promise(peer.say(times(1000, HANDSHAKE, KEY_UPDATE)));
          yield* promise(peer.say([[DATA, Buffer.from('x')]]));
          while (peer.heard().length < n) yield;
        }
        peer.close();
        yield* heard.lost;
      }),
    ));

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('%s: records and messages byte by byte', (version) =>
    run(() =>
      serving('bytewise', function* (where, heard) {
        const peer = yield* promise(forgedClient(where, who.trust.ca, version));
        yield* heard.made;
        yield* promise(peer.say(bytewise(DATA, Buffer.alloc(3000))));
        while (heard.bytes < 3000) yield;
        expect(heard.lost.done()).toBe(false);
        peer.close();
        yield* heard.lost;
      }),
    ),
  );
});
