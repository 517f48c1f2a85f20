// Clients that take a file slowly, or not at all.
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { getRunningLoop, sleep } from 'oxbow';
import { staticFiles } from 'oxbow/http';
import type { HttpServer, ServeOptions } from 'oxbow/http';

import { Peer, withServer } from './serve-support.ts';

const MIB = 2 ** 20;
let folder = '';

beforeAll(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'oxbow-slow-'));
  fs.writeFileSync(join(folder, 'large'), Buffer.alloc(64 * MIB, 'x'));
});

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function whileTaken(
  options: Partial<ServeOptions>,
  take: (server: HttpServer, peer: Peer) => Promise<void>,
): Promise<void> {
  return withServer({ routes: { '/*': staticFiles(folder) }, ...options }, async (server) => {
    const peer = new Peer(server.port);
    peer.socket.pause();
    await peer.send('GET /large HTTP/1.1\r\nHost: a\r\n\r\n');
    while (server.pending === 0) await sleep(0.001);
    await take(server, peer);
    peer.close();
  });
}

test('sendTimeout: who takes nothing of a file is dropped', () =>
  whileTaken({ sendTimeout: 0.1 }, async (server) => {
    while (server.connections > 0) await sleep(0.01);
  }));

test('minRate: who takes a file too slowly is dropped, however steadily', () =>
  whileTaken({ minRate: 3 * MIB }, async (server, peer) => {
    const loop = getRunningLoop();
    const began = loop.time();
    while (server.connections > 0) {
      // 64 KiB each time: much too little, and never nothing.
      peer.socket.read(64 * 1024);
      await sleep(0.1);
    }
    // Rates are looked at over ten seconds.
    expect(loop.time() - began).toBeGreaterThan(8);
  }));
