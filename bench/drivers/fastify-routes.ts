// 200 routes with two parameters, answered as JSON, on Fastify. The first argument is Fastify's
// folder.
import { createRequire } from 'node:module';
import { announce } from './control.ts';
import { routes } from './routes.ts';

interface Fastify {
  get(path: string, handler: (request: { params: Record<string, string> }) => unknown): void;
  listen(options: object): Promise<string>;
}

const fastify = createRequire(import.meta.url)(process.argv[2]) as () => Fastify;
const app = fastify();
// An `async` function, as in Fastify's own documentation.
for (const path of routes) {
  app.get(path, async ({ params }) => ({ user: params['user'], post: params['post'] }));
}
const address = await app.listen({ host: '127.0.0.1', port: 0, backlog: 4096 });
announce(Number(new URL(address).port));
