// TCP echo on node:net, as its users would write it for speed: no pipe, no delay.
import net from 'node:net';
import { announce } from './control.ts';

const server = net.createServer({ noDelay: true }, (socket) => {
  socket.on('data', (data) => {
    // Stop reading while the peer does not read, or memory grows without bound.
    if (!socket.write(data)) socket.pause();
  });
  socket.on('drain', () => socket.resume());
  socket.on('error', () => socket.destroy());
});

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  announce((server.address() as net.AddressInfo).port);
});
