// HTTP hello through serve({fetch}).
import { run } from 'oxbow';
import { Response, serve } from 'oxbow/http';
import { announce, tlsOption } from './control.ts';

await run(function* () {
  const server = yield* serve({
    hostname: '127.0.0.1',
    port: 0,
    ...tlsOption(),
    fetch: () => new Response('Hello, World!'),
  });
  announce(server.port);
  yield* server.serveForever();
});
