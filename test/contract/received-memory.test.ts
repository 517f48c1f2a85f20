/** Received bytes of all connections stand in one memory, which a program may try to transfer. */
import { type Coro, newEventLoop, Protocol, sleep, type Transport } from 'oxbow';
import { connectedPair } from 'oxbow/testing';

const BLOCK = 48 * 1024;
const BLOCKS = 24;

/** What `n` writes of a connection have in them: each byte says where it stands. */
function pattern(n: number): Buffer {
  return Buffer.from(Array.from({ length: n * BLOCK }, (_, at) => (at * 31) & 255));
}

const SENT = pattern(BLOCKS);

class Keeper extends Protocol {
  readonly copies: Buffer[] = [];
  lost: Error | null | undefined;

  override dataReceived(data: Buffer): void {
    this.copies.push(Buffer.from(data));
  }

  override connectionLost(error: Error | null): void {
    this.lost = error;
  }

  get all(): Buffer {
    return Buffer.concat(this.copies);
  }
}

/** Reads, and then takes the memory away. */
class Taker extends Keeper {
  readonly #take: (memory: ArrayBuffer) => void;

  constructor(take: (memory: ArrayBuffer) => void) {
    super();
    this.#take = take;
  }

  override dataReceived(data: Buffer): void {
    super.dataReceived(data);
    try {
      this.#take(data.buffer as ArrayBuffer);
    } catch {
      // It is refused where it can be.
    }
  }
}

/** Sends the same to a taker and to others around it; what they have got. */
function* exchange(take: (memory: ArrayBuffer) => void): Coro<[Keeper, Keeper, Keeper]> {
  const ends: [Keeper, Keeper, Keeper] = [new Keeper(), new Taker(take), new Keeper()];
  const senders: Transport[] = [];
  for (const end of ends) {
    const [[near]] = yield* connectedPair(
      () => new Protocol(),
      () => end,
    );
    senders.push(near as Transport);
  }
  for (let n = 0; n < BLOCKS; n++) {
    for (const sender of senders) sender.write(SENT.subarray(n * BLOCK, (n + 1) * BLOCK));
    yield* sleep(0);
  }
  for (const sender of senders) sender.close();
  while (ends.some(({ lost }) => lost === undefined)) yield* sleep(0);
  return ends;
}

describe.each(['auto', 'virtual'])('on %s', (driver) => {
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

  check('a transfer takes nothing from anybody', function* () {
    let takes = 0;
    const ends = yield* exchange((memory) => {
      takes++;
      structuredClone(memory, { transfer: [memory] });
    });
    expect(takes).toBeGreaterThan(0);
    for (const { all, lost } of ends) {
      expect(lost).toBeNull();
      expect(all.equals(SENT)).toBe(true);
    }
  });

  // ArrayBuffer.prototype.transfer of Node 22 heeds no mark; Node 20 has none, and Node 24 does.
  check('where one cannot be refused, no stream goes on with a gap', function* () {
    const ends = yield* exchange((memory) => {
      (memory as { transfer?: () => ArrayBuffer }).transfer?.();
    });
    for (const { all, lost } of ends) {
      expect(all.equals(SENT.subarray(0, all.length))).toBe(true);
      if (lost === null) expect(all.length).toBe(SENT.length);
      else expect(lost!.message).toContain('the memory of received data was transferred');
    }
    // The loop has new memory for those who come then.
    for (const { all, lost } of yield* exchange(() => {})) {
      expect(lost).toBeNull();
      expect(all.equals(SENT)).toBe(true);
    }
  });
});
