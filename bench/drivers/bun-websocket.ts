// As oxbow-websocket.ts, on Bun.serve. Run by Bun, not by Node.
import { announce } from './control.ts';

interface Socket {
  data: { path: string };
  send(message: unknown): void;
  subscribe(topic: string): void;
  publish(topic: string, message: unknown): void;
}

interface BunWebSocket {
  serve(options: object): { port: number };
}

const { Bun } = globalThis as unknown as { Bun: BunWebSocket };

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch(request: Request, upgrading: { upgrade(of: Request, options: object): boolean }) {
    const path = new URL(request.url).pathname;
    if (!upgrading.upgrade(request, { data: { path } })) return new Response('', { status: 400 });
    return undefined;
  },
  websocket: {
    open(socket: Socket) {
      if (socket.data.path === '/topic') socket.subscribe('topic');
    },
    message(socket: Socket, message: unknown) {
      if (socket.data.path === '/publish') socket.publish('topic', message);
      else socket.send(message);
    },
  },
});

announce(server.port);
