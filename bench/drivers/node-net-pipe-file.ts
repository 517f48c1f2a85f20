// Sends a file to every client in the usual way of node:net: by piping a file stream.
import { createReadStream } from 'node:fs';
import net from 'node:net';
import { announce } from './control.ts';

const server = net.createServer({ noDelay: true }, (socket) => {
  createReadStream(process.env['OXBOW_BENCH_FILE']!).pipe(socket);
});

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  announce((server.address() as net.AddressInfo).port);
});
