/**
 * Connects and closes, a hundred thousand times, in every way in which a connection ends.
 *
 *   node --expose-gc build/ts/test/soak/connections.js [--count 100000] [--seed 1]
 *
 * Prints what the process has after the first tenth and at the end: descriptors, handles,
 * references, and MiB of JavaScript's memory and of all.
 */
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { createConnection, createServer, getRunningLoop, Protocol, run } from 'oxbow';
import type { Coro, EventLoop, Transport } from 'oxbow';
import { CONTROL_HANDLE_COUNT, CONTROL_REFERENCES } from '#lib/native/layout.js';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
});
const count = Number(values.count);
let seed = Number(values.seed);
if (!(count >= 100) || !Number.isInteger(count) || !Number.isInteger(seed)) {
  console.error('usage: connections.js [--count N] [--seed N]; whole numbers, 100 or more to do');
  process.exit(2);
}

/** So many at once: their ends and what Node itself has fit into 256 descriptors. */
const AT_ONCE = 50;

const HOST = '127.0.0.1';

/** What the server does with the first byte that it gets; the byte says it. */
const ENDS = ['close', 'abort', 'answer and wait', 'half-close'] as const;

let open = 0;

class Counted extends Protocol {
  transport!: Transport;

  override connectionMade(transport: Transport): void {
    this.transport = transport;
    open++;
  }

  override connectionLost(): void {
    open--;
  }
}

class Ending extends Counted {
  override dataReceived(data: Buffer): void {
    const end = ENDS[data[0]!];
    if (end === 'close') this.transport.close();
    else if (end === 'abort') this.transport.abort();
    else if (end === 'half-close') this.transport.writeEof();
    else this.transport.write(data);
  }
}

/** A client that says how it wants to be left, or leaves by itself. */
class Client extends Counted {
  override dataReceived(): void {
    this.transport.close();
  }
}

function below(limit: number): number {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return (seed >> 16) % limit;
}

function* one(port: number): Coro<void> {
  const [transport] = yield* createConnection(() => new Client(), HOST, port);
  const kind = below(ENDS.length + 3);
  if (kind < ENDS.length) transport.write(Buffer.from([kind]));
  else if (kind === ENDS.length) transport.close();
  else if (kind === ENDS.length + 1) transport.abort();
  else transport.writeEof();
}

const control = (loop: EventLoop, word: number): number => loop._rings.control[word]!;

function state(loop: EventLoop): Record<string, number> {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const mebibytes = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10;
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    handles: control(loop, CONTROL_HANDLE_COUNT),
    references: control(loop, CONTROL_REFERENCES),
    heapMiB: mebibytes(heapUsed),
    allMiB: mebibytes(rss),
  };
}

await run(function* () {
  const loop = getRunningLoop();
  const server = yield* createServer(() => new Ending(), HOST, 0);
  const port = server.sockets[0]!.getsockname()[1] as number;
  let early: Record<string, number> | undefined;
  for (let done = 0; done < count; done += AT_ONCE) {
    const all = Array.from({ length: AT_ONCE }, () => loop.createTask(() => one(port)));
    for (const each of all) yield* each;
    while (open > 0 || control(loop, CONTROL_HANDLE_COUNT) > 1) yield;
    if (early === undefined && done >= count / 10) early = state(loop);
  }
  console.log(JSON.stringify({ count, early, late: state(loop) }));
  server.close();
});
