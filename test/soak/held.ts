/**
 * Connections that are held at once: an Oxbow server and an Oxbow client, a process each.
 *
 *   node build/ts/test/soak/held.js server N
 *
 * Every connection is asked for, talks, is held until all the others are there, talks again and is
 * closed. Prints how many there were and what the server has left: handles and descriptors.
 */
import { fork } from 'node:child_process';
import { readdirSync } from 'node:fs';

import { createServer, getRunningLoop, openConnection, promise, Protocol, run } from 'oxbow';
import type { StreamReader, StreamWriter, Transport } from 'oxbow';
import { CONTROL_HANDLE_COUNT } from '#lib/native/layout.js';

const HOST = '127.0.0.1';
const [role, text] = process.argv.slice(2);
const number = Number(text);

/** So many connects are under way at once, fewer than a backlog. */
const AT_ONCE = 500;

function* client(count: number, port: number) {
  const held: Array<[StreamReader, StreamWriter]> = [];
  while (held.length < count) {
    const connecting = Array.from({ length: Math.min(AT_ONCE, count - held.length) }, () =>
      openConnection(HOST, port),
    );
    for (const each of connecting) held.push(yield* each);
  }
  for (const round of ['first', 'again']) {
    for (const [, writer] of held) writer.write(round);
    for (const [reader] of held) {
      const answer = `${yield* reader.readexactly(round.length)}`;
      if (answer !== round) throw new Error(`${answer} came in place of ${round}`);
    }
  }
  for (const [, writer] of held) writer.close();
  for (const [, writer] of held) yield* writer.waitClosed();
}

let open = 0;
let most = 0;

class Echo extends Protocol {
  transport!: Transport;

  override connectionMade(transport: Transport): void {
    this.transport = transport;
    most = Math.max(most, ++open);
  }

  override dataReceived(data: Buffer): void {
    this.transport.write(data);
  }

  override connectionLost(): void {
    open--;
  }
}

function* serverOf(count: number) {
  const loop = getRunningLoop();
  const server = yield* createServer(() => new Echo(), HOST, 0);
  const port = server.sockets[0]!.getsockname()[1] as number;
  const descriptors = (): number => readdirSync('/proc/self/fd').length;
  const visitor = fork(process.argv[1]!, ['client', `${count}:${port}`]);
  const before = descriptors();
  const code = yield* promise(new Promise((resolve) => visitor.on('exit', resolve)));
  while (open > 0) yield;
  const handles = loop._rings.control[CONTROL_HANDLE_COUNT];
  // Those to the client have gone with it.
  console.log(JSON.stringify({ code, most, handles, more: descriptors() - before }));
  server.close();
}

if (role === 'client') {
  const [count, port] = text!.split(':').map(Number) as [number, number];
  await run(() => client(count, port));
} else {
  await run(() => serverOf(number));
}
