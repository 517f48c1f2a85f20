// Peers that flood, stall, reset and vanish: afterwards the loop holds what it held before.
import net from 'node:net';

import {
  type EventLoop,
  Protocol,
  type Server,
  type Transport,
  createConnection,
  createServer,
  getRunningLoop,
  promise,
  run,
} from 'oxbow';
import type { Coro } from 'oxbow';
import { CONTROL_HANDLE_COUNT, CONTROL_REFERENCES } from '#lib/native/layout.js';

import { descriptors, testWith } from '../support/needs.ts';

const HOST = '127.0.0.1';

const loopOf = (): EventLoop => getRunningLoop();
const control = (word: number): number => loopOf()._rings.control[word]!;

function* until(condition: () => boolean): Coro<void> {
  while (!condition()) yield;
}

class Echo extends Protocol {
  static open = 0;
  transport!: Transport;

  override connectionMade(transport: Transport): void {
    Echo.open++;
    this.transport = transport;
  }

  override dataReceived(data: Buffer): void {
    this.transport.write(data);
  }
  override connectionLost(): void {
    Echo.open--;
  }
}

/** Runs `body` beside an echo server; the server stands alone again afterwards. */
function besideEcho(body: (port: number, server: Server) => Coro<void>): Promise<void> {
  return run(function* () {
    const before = control(CONTROL_REFERENCES);
    const server = yield* createServer(() => new Echo(), HOST, 0);
    yield* body(server.sockets[0]!.getsockname()[1], server);
    yield* until(() => Echo.open === 0 && control(CONTROL_HANDLE_COUNT) === 1);
    // It still answers.
    const [transport] = yield* createConnection(() => new Protocol(), HOST, portOf(server));
    transport.abort();
    yield* until(() => control(CONTROL_HANDLE_COUNT) === 1);
    server.close();
    yield* until(
      () => control(CONTROL_HANDLE_COUNT) === 0 && control(CONTROL_REFERENCES) === before,
    );
  });
}

const portOf = (server: Server): number => server.sockets[0]!.getsockname()[1];

// Three hundred connections have both their ends here.
const floodTest = testWith(descriptors(700));

/** A peer of Node's own; `act` runs once it is connected. */
function peer(port: number, act: (socket: net.Socket) => void): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: HOST, allowHalfOpen: true });
    socket
      .on('connect', () => act(socket))
      .on('error', () => {})
      .on('close', () => resolve());
  });
}

const flood = (count: number, port: number, act: (socket: net.Socket) => void): Promise<unknown> =>
  Promise.all(Array.from({ length: count }, () => peer(port, act)));

floodTest('resets: at once, in the middle of an answer, and after a half-close', () =>
  besideEcho(function* (port) {
    yield* promise(flood(300, port, (socket) => socket.resetAndDestroy()));
    yield* promise(
      flood(100, port, (socket) => {
        socket.write(Buffer.alloc(200_000), () => socket.resetAndDestroy());
      }),
    );
    yield* promise(
      flood(100, port, (socket) => {
        socket.end('half', () => socket.resetAndDestroy());
      }),
    );
  }),
);

floodTest('half-open connections are closed once their answer is out', () =>
  besideEcho(function* (port) {
    yield* promise(flood(300, port, (socket) => socket.end('last words').resume()));
  }),
);

test('peers that never read hold nothing once they are dropped', () =>
  besideEcho(function* (port, server) {
    const gone = flood(20, port, (socket) => {
      socket.pause().write(Buffer.alloc(4_000_000));
    });
    yield* until(() => Echo.open === 20);
    for (let turn = 0; turn < 50; turn++) yield;
    server.abortClients();
    yield* until(() => Echo.open === 0);
    // A paused socket does not notice by itself.
    void gone;
  }));

test('single bytes, thousands of them', () =>
  besideEcho(function* (port) {
    const [transport, echoed] = yield* createConnection(() => new Counter(), HOST, port);
    for (let n = 0; n < 20_000; n++) {
      transport.write('x');
      if (n % 7 === 0) yield;
    }
    yield* until(() => echoed.count === 20_000);
    transport.close();
  }));

class Counter extends Protocol {
  count = 0;

  override dataReceived(data: Buffer): void {
    this.count += data.length;
  }
}

floodTest('connections by the thousand leave no handle, no target and no larger ring', () =>
  besideEcho(function* (port) {
    const rings = loopOf()._rings;
    const storm = function* (count: number): Coro<void> {
      for (let done = 0; done < count; done += 100) {
        const connecting = Array.from({ length: 100 }, () =>
          loopOf().createConnection(() => new Protocol(), HOST, port),
        );
        for (const each of connecting) (yield* each)[0].abort();
        yield* until(() => control(CONTROL_HANDLE_COUNT) === 1 && Echo.open === 0);
      }
    };
    yield* storm(500);
    const before = [rings.items.length, rings.backlog.length, rings.timerState.length];
    const references = control(CONTROL_REFERENCES);
    yield* storm(5000);
    expect([rings.items.length, rings.backlog.length, rings.timerState.length]).toEqual(before);
    expect(control(CONTROL_REFERENCES)).toBe(references);
    expect(rings.items.filter((item) => item !== undefined).length).toBeLessThan(10);
  }),
);

test('connects that are cancelled at any point', () =>
  besideEcho(function* (port) {
    for (let steps = 0; steps < 60; steps++) {
      const connecting = loopOf().createConnection(() => new Protocol(), HOST, port);
      for (let n = 0; n < steps % 12; n++) yield;
      if (connecting.cancel()) {
        try {
          yield* connecting;
        } catch {
          continue;
        }
      }
      connecting.result()[0].abort();
    }
  }));
