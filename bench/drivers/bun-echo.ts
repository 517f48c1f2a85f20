// Echo on Bun.listen. Run by Bun, not by Node.
import { announce, tlsOption, unixPath } from './control.ts';

interface BunSocket {
  data: { unsent: Uint8Array | undefined };
  write(data: Uint8Array): number;
  pause(): void;
  resume(): void;
}

interface BunTcp {
  listen(options: object): { port: number };
}

// Bun's write accepts only what the kernel accepts; the rest must be kept until `drain`.
function writeOrKeep(socket: BunSocket, data: Uint8Array): void {
  const written = socket.write(data);
  const done = written === data.length;
  socket.data.unsent = done ? undefined : data.slice(Math.max(written, 0));
  if (!done) socket.pause();
}

const { Bun } = globalThis as unknown as { Bun: BunTcp };

const server = Bun.listen({
  ...(unixPath === null ? { hostname: '127.0.0.1', port: 0 } : { unix: unixPath }),
  ...tlsOption(),
  socket: {
    open(socket: BunSocket) {
      socket.data = { unsent: undefined };
    },
    data(socket: BunSocket, data: Uint8Array) {
      const { unsent } = socket.data;
      writeOrKeep(socket, unsent === undefined ? data : Buffer.concat([unsent, data]));
    },
    drain(socket: BunSocket) {
      if (socket.data.unsent === undefined) return;
      writeOrKeep(socket, socket.data.unsent);
      if (socket.data.unsent === undefined) socket.resume();
    },
    error() {},
  },
});

announce(unixPath === null ? server.port : null);
