// HTTP hello of a Hono application, served by Bun. Run by Bun, not by Node.
import { announce } from './control.ts';
import { app } from './hono-app.ts';

interface BunHttp {
  serve(options: object): { port: number };
}

const { Bun } = globalThis as unknown as { Bun: BunHttp };

const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: app.fetch });

announce(server.port);
