// Bodies on Bun.serve: POST reads one with bytes(), GET /N sends N bytes from memory. Run by Bun,
// not by Node.
import { bodyOf } from './bodies.ts';
import { announce } from './control.ts';

interface BunRequest {
  method: string;
  url: string;
  bytes(): Promise<Uint8Array>;
}

interface BunHttp {
  serve(options: object): { port: number };
}

const { Bun } = globalThis as unknown as { Bun: BunHttp };

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  async fetch(request: BunRequest) {
    if (request.method === 'GET') return new Response(bodyOf(new URL(request.url).pathname));
    const bytes = await request.bytes();
    return new Response(bytes.length > 0 ? 'Hello, World!' : '');
  },
});

announce(server.port);
