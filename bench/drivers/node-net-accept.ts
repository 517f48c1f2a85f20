// Accepts connections and closes them, on node:net.
import net from 'node:net';
import { announce } from './control.ts';

const server = net.createServer({ noDelay: true }, (socket) => socket.destroy());

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  announce((server.address() as net.AddressInfo).port);
});
