// HTTP hello of an Express application, served by node:http.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { announce } from './control.ts';
import { app } from './express-app.ts';

const server = http.createServer(app);

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  announce((server.address() as AddressInfo).port);
});
