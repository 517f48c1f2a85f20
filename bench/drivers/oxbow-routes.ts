// 200 routes with two parameters, answered as JSON, through serve({routes}).
import { run } from 'oxbow';
import type { Request } from 'oxbow/http';
import { Response, serve } from 'oxbow/http';
import { announce } from './control.ts';
import { routes } from './routes.ts';

const answer = ({ params }: Request) =>
  Response.json({ user: params['user'], post: params['post'] });

await run(function* () {
  const server = yield* serve({
    hostname: '127.0.0.1',
    port: 0,
    routes: Object.fromEntries(routes.map((path) => [path, answer])),
  });
  announce(server.port);
  yield* server.serveForever();
});
