// As oxbow-websocket.ts, on `ws`, the most used WebSocket package for Node.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { announce } from './control.ts';

const subscribers = new Set<WebSocket>();
const server = http.createServer();
const sockets = new WebSocketServer({ server });

sockets.on('connection', (socket, request) => {
  if (request.url === '/topic') {
    subscribers.add(socket);
    return;
  }
  const publishes = request.url === '/publish';
  socket.on('message', (data, binary) => {
    if (!publishes) socket.send(data, { binary });
    else for (const one of subscribers) one.send(data, { binary });
  });
});

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  announce((server.address() as AddressInfo).port);
});
