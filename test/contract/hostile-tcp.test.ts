// Whatever user code and peers do to a connection, the loop goes on and lets go of everything.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type Coro,
  type EventLoop,
  Protocol,
  type Transport,
  createConnection,
  createServer,
  getRunningLoop,
  run,
} from 'oxbow';
import { CONTROL_HANDLE_COUNT, CONTROL_REFERENCES } from '#lib/native/layout.js';

import { Chance, ODD_VALUES } from '../process/robust-random.ts';
import { commands, testWith } from '../support/needs.ts';
import { Recorder, caught, portOf, until } from './tcp-support.ts';

const HOST = '127.0.0.1';

const handles = (): number => loopOf()._rings.control[CONTROL_HANDLE_COUNT]!;
const references = (): number => loopOf()._rings.control[CONTROL_REFERENCES]!;
const loopOf = (): EventLoop => getRunningLoop();

/** Runs `body` and expects that nothing of it is left in the loop. */
function leavesNothing(body: () => Coro<void>): Promise<void> {
  return run(function* () {
    const before = references();
    yield* body();
    yield* until(() => references() === before && handles() === 0);
  });
}

/** Nothing that is called on a transport may throw anything but an Error, or break the loop. */
function poke(chance: Chance, transport: Transport): void {
  const value = chance.pick(ODD_VALUES);
  const actions: Array<() => unknown> = [
    () => transport.write('text'),
    () => transport.write(Buffer.alloc(chance.below(100_000))),
    () => transport.write(value as string),
    () => transport.writelines(['a', value as string]),
    () => transport.writelines(value as string[]),
    () => transport.writeEof(),
    () => transport.close(),
    () => transport.abort(),
    () => transport.pauseReading(),
    () => transport.resumeReading(),
    () => transport.setProtocol(value as Protocol),
    () => transport.setWriteBufferLimits({ high: value as number }),
    () => transport.setWriteBufferLimits({ high: 10, low: 0 }),
    () => transport.getExtraInfo(value as string),
    () => transport.getExtraInfo('peername'),
    () => transport.getWriteBufferSize(),
    () => transport.isClosing(),
    () => loopOf().close(),
    () => loopOf().runForeverSync(),
    () => transport._loop.callSoon(value as () => void),
  ];
  try {
    chance.pick(actions)();
  } catch (error) {
    if (!(error instanceof Error)) throw new Error('thrown: no error', { cause: error });
  }
}

/** A protocol whose every method does something unwise and may throw. */
class Unwise extends Protocol {
  static made: Transport[] = [];
  readonly #chance: Chance;
  lost = 0;

  constructor(chance: Chance) {
    super();
    this.#chance = chance;
  }

  #act(): void {
    const chance = this.#chance;
    for (let n = chance.below(4); n > 0; n--) poke(chance, chance.pick(Unwise.made));
    if (chance.oneIn(6)) throw chance.pick(ODD_VALUES);
  }

  override connectionMade(transport: Transport): void {
    Unwise.made.push(transport);
    this.#act();
  }

  override dataReceived(): void {
    this.#act();
  }
  override pauseWriting(): void {
    this.#act();
  }
  override resumeWriting(): void {
    this.#act();
  }

  override eofReceived(): boolean {
    this.#act();
    return this.#chance.oneIn(2);
  }

  override connectionLost(): void {
    this.lost++;
    this.#act();
  }
}

test.each([1, 2, 3, 4, 5])('unwise protocols on both sides, seed %d', async (seed) => {
  const chance = new Chance(Number(seed));
  const protocols: Unwise[] = [];
  const make = (): Unwise => {
    protocols.push(new Unwise(chance));
    return protocols.at(-1)!;
  };
  Unwise.made = [];
  await leavesNothing(function* () {
    // The handler of errors is no better than the rest.
    getRunningLoop().setExceptionHandler(() => {});
    const server = yield* createServer(make, HOST, 0);
    for (let round = 0; round < 60; round++) {
      try {
        yield* createConnection(make, HOST, portOf(server));
      } catch {
        // connectionMade threw.
      }
      for (let n = 0; n < 5; n++) poke(chance, chance.pick(Unwise.made));
      yield;
    }
    for (const transport of Unwise.made) transport.abort();
    server.close();
    yield* server.waitClosed();
    for (let n = 0; n < 200; n++) poke(chance, chance.pick(Unwise.made));
  });
  expect(protocols.length).toBeGreaterThan(100);
  for (const { lost } of protocols) expect(lost).toBeLessThanOrEqual(1);
});

test('an exception handler that throws takes nothing down', async () => {
  let written = '';
  const { write } = process.stderr;
  process.stderr.write = (text) => Boolean((written += String(text)));
  try {
    await leavesNothing(function* () {
      getRunningLoop().setExceptionHandler(() => {
        throw new Error('handler');
      });
      class Bad extends Protocol {
        override connectionMade(): void {
          throw new Error('made');
        }
        override connectionLost(): void {
          throw new Error('lost');
        }
      }
      const server = yield* createServer(() => new Bad(), HOST, 0);
      const [, protocol] = yield* createConnection(() => new Recorder(), HOST, portOf(server));
      yield* protocol.lost;
      server.close();
      yield* server.waitClosed();
    });
  } finally {
    process.stderr.write = write;
  }
  expect(written).toMatch(/Unhandled error in exception handler/);
});

describe('descriptors that user code should leave alone', () => {
  test("addReader on a transport's own descriptor is refused", () =>
    leavesNothing(function* () {
      const server = yield* createServer(() => new Recorder(), HOST, 0);
      const [transport, protocol] = yield* createConnection(
        () => new Recorder(),
        HOST,
        portOf(server),
      );
      const loop = getRunningLoop();
      for (const socket of [transport.getExtraInfo('socket'), server.sockets[0]]) {
        const descriptor = (socket as { fileno(): number }).fileno();
        expect(() => loop.addReader(descriptor, () => {})).toThrow(/is used by a transport/);
        expect(() => loop.addWriter(descriptor, () => {})).toThrow(/is used by a transport/);
      }
      transport.close();
      yield* protocol.lost;
      server.close();
    }));

  testWith(commands('mkfifo'))(
    'one that was closed while watched does not harm the connection that gets its number',
    () =>
      leavesNothing(function* () {
        const loop = getRunningLoop();
        const contexts = caught();
        const server = yield* createServer(() => new Recorder(), HOST, 0);
        const watched = pipeDescriptor();
        loop.addReader(watched, () => {});
        yield;
        fs.closeSync(watched);
        const [transport, protocol] = yield* createConnection(
          () => new Recorder(),
          HOST,
          portOf(server),
        );
        const socket = transport.getExtraInfo('socket') as { fileno(): number };
        expect(socket.fileno()).toBe(watched);
        expect(contexts.map(({ message }) => message)).toEqual([
          expect.stringMatching(/was closed while it was watched/),
        ]);
        expect(() => loop.removeReader(watched)).toThrow(/is used by a transport/);
        transport.close();
        yield* protocol.lost;
        server.close();
      }),
  );

  test('a transport whose descriptor was closed under it ends when the number is given out again', () =>
    leavesNothing(function* () {
      const server = yield* createServer(() => new Recorder(), HOST, 0);
      const port = portOf(server);
      const [robbed, first] = yield* createConnection(() => new Recorder(), HOST, port);
      fs.closeSync((robbed.getExtraInfo('socket') as { fileno(): number }).fileno());
      const [transport, second] = yield* createConnection(() => new Recorder(), HOST, port);
      yield* first.lost;
      robbed.write('to nobody');
      transport.close();
      yield* second.lost;
      server.close();
      server.abortClients();
      yield* server.waitClosed();
    }));
});

/** A descriptor that epoll can watch and on which nothing happens: a pipe with a name. */
function pipeDescriptor(): number {
  const directory = fs.mkdtempSync(join(tmpdir(), 'oxbow-'));
  try {
    execFileSync('mkfifo', [join(directory, 'pipe')]);
    return fs.openSync(join(directory, 'pipe'), 'r+');
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}
