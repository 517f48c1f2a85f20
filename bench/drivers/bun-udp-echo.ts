// UDP echo on Bun.udpSocket. Run by Bun, not by Node.
import { announce } from './control.ts';

interface BunUdp {
  udpSocket(options: object): Promise<{ port: number }>;
}

interface BunUdpSocket {
  send(data: Uint8Array, port: number, address: string): boolean;
}

const { Bun } = globalThis as unknown as { Bun: BunUdp };

const socket = await Bun.udpSocket({
  hostname: '127.0.0.1',
  port: 0,
  socket: {
    data(socket: BunUdpSocket, data: Uint8Array, port: number, address: string) {
      socket.send(data, port, address);
    },
  },
});

announce(socket.port);
