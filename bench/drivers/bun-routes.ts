// 200 routes with two parameters, answered as JSON, on Bun.serve. Run by Bun, not by Node.
import { announce } from './control.ts';
import { routes } from './routes.ts';

interface BunHttp {
  serve(options: object): { port: number };
}

const { Bun } = globalThis as unknown as { Bun: BunHttp };

const answer = ({ params }: { params: { user: string; post: string } }) =>
  Response.json({ user: params.user, post: params.post });

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  routes: Object.fromEntries(routes.map((path) => [path, answer])),
});

announce(server.port);
