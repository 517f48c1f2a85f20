/** More writes in one turn than the submission ring holds. */
import { connectedPair } from 'oxbow/testing';
import { getRunningLoop, Protocol, run } from 'oxbow';
import type { Future, Transport } from 'oxbow';

const PAIRS = 40;
const ROUNDS = 300; // 12,000 interleaved writes: three times the ring

class Collector extends Protocol {
  text = '';
  readonly ended: Future<void> = getRunningLoop().createFuture<void>();

  override dataReceived(data: Buffer): void {
    this.text += data.toString('latin1');
  }

  override connectionLost(): void {
    if (!this.ended.done()) this.ended.setResult(undefined);
  }
}

test('every byte arrives, in order, on the connection it was written to', async () => {
  await run(function* () {
    const writers: Transport[] = [];
    const readers: Collector[] = [];
    for (let n = 0; n < PAIRS; n++) {
      const [[writer], [, reader]] = yield* connectedPair(
        () => new Protocol(),
        () => new Collector(),
      );
      writers.push(writer);
      readers.push(reader);
    }
    for (let round = 0; round < ROUNDS; round++) {
      // Round after round over all of them, so that no two neighbours can share an entry.
      for (const [n, writer] of writers.entries()) writer.write(`${n}:${round};`);
    }
    for (const writer of writers) writer.close();
    for (const [n, reader] of readers.entries()) {
      yield* reader.ended;
      const expected = Array.from({ length: ROUNDS }, (_, round) => `${n}:${round};`).join('');
      expect(reader.text).toBe(expected);
    }
  });
});
