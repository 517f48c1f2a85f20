// HTTP hello on Bun.serve. Run by Bun, not by Node.
import { announce, tlsOption } from './control.ts';

interface BunHttp {
  serve(options: object): { port: number };
}

const { Bun } = globalThis as unknown as { Bun: BunHttp };

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  ...tlsOption(),
  fetch: () => new Response('Hello, World!'),
});

announce(server.port);
