// Bodies on node:http: POST reads one whole, GET /N sends N bytes from memory.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { bodyOf } from './bodies.ts';
import { announce } from './control.ts';

function send(response: http.ServerResponse, body: Buffer | string): void {
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': body.length });
  response.end(body);
}

const server = http.createServer((request, response) => {
  if (request.method === 'GET') {
    send(response, bodyOf(request.url!));
    return;
  }
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => send(response, Buffer.concat(pieces).length > 0 ? 'Hello, World!' : ''));
});

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  announce((server.address() as AddressInfo).port);
});
