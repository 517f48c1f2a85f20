// HTTP hello on node:http, or on node:https.
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { announce, tlsOption } from './control.ts';

function hello(_request: http.IncomingMessage, response: http.ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': 13 });
  response.end('Hello, World!');
}

const { tls } = tlsOption();
const server = tls === undefined ? http.createServer(hello) : https.createServer(tls, hello);

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  announce((server.address() as AddressInfo).port);
});
