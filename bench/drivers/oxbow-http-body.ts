// Bodies through serve({fetch}): POST reads one with bytes(), GET /N sends N bytes from memory.
import { run } from 'oxbow';
import { Response, serve } from 'oxbow/http';
import type { Request } from 'oxbow/http';
import { bodyOf } from './bodies.ts';
import { announce } from './control.ts';

function* answer(request: Request) {
  if (request.method === 'GET') return new Response(bodyOf(request.path));
  const bytes = yield* request.bytes();
  return new Response(bytes.length > 0 ? 'Hello, World!' : '');
}

await run(function* () {
  const server = yield* serve({ hostname: '127.0.0.1', port: 0, fetch: answer });
  announce(server.port);
  yield* server.serveForever();
});
