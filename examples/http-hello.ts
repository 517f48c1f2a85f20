// An HTTP server in five lines, and a client that asks it.
import { run } from 'oxbow';
import { ClientSession, Response, serve } from 'oxbow/http';

await run(function* () {
  const server = yield* serve({ fetch: (request) => new Response(`hello ${request.path}`) });
  const session = new ClientSession();
  const response = yield* session.get(new URL('/world', server.url));
  console.log(response.status, yield* response.text());
  yield* session.close();
  yield* server.shutdown();
});
