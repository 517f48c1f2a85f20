// TLS echo on node:tls, written for speed: without pipe, and with TCP_NODELAY.
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { announce, identity } from './control.ts';

const server = tls.createServer({ noDelay: true, ...identity() }, (socket) => {
  socket.on('data', (data) => {
    // Stop reading while the peer does not read; otherwise memory would grow without bound.
    if (!socket.write(data)) socket.pause();
  });
  socket.on('drain', () => socket.resume());
  socket.on('error', () => socket.destroy());
});

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  announce((server.address() as AddressInfo).port);
});
