// HTTP hello of an Express application, served by Oxbow.
import { run } from 'oxbow';
import { serve, toNodeHandler } from 'oxbow/http';
import { announce } from './control.ts';
import { app } from './express-app.ts';

await run(function* () {
  const server = yield* serve({ hostname: '127.0.0.1', port: 0, fetch: toNodeHandler(app) });
  announce(server.port);
  yield* server.serveForever();
});
