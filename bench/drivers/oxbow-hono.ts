// HTTP hello of a Hono application, served by Oxbow.
import { run } from 'oxbow';
import { serve } from 'oxbow/http';
import { announce } from './control.ts';
import { app } from './hono-app.ts';

await run(function* () {
  const server = yield* serve({ hostname: '127.0.0.1', port: 0, fetch: app.fetch });
  announce(server.port);
  yield* server.serveForever();
});
