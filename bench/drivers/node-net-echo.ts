// Echo on node:net, written for speed: without pipe, and with TCP_NODELAY.
import net from 'node:net';
import { announce, unixPath } from './control.ts';

const server = net.createServer({ noDelay: true }, (socket) => {
  socket.on('data', (data) => {
    // Stop reading while the peer does not read; otherwise memory would grow without bound.
    if (!socket.write(data)) socket.pause();
  });
  socket.on('drain', () => socket.resume());
  socket.on('error', () => socket.destroy());
});

const backlog = 4096;
if (unixPath === null) {
  server.listen({ port: 0, host: '127.0.0.1', backlog }, () => {
    announce((server.address() as net.AddressInfo).port);
  });
} else {
  server.listen({ path: unixPath, backlog }, () => announce(null));
}
