// HTTP hello, and at /wait a handler that waits; idle connections are not closed.
import { run, sleep } from 'oxbow';
import { Response, serve } from 'oxbow/http';
import { announce } from './control.ts';

await run(function* () {
  const server = yield* serve({
    hostname: '127.0.0.1',
    port: 0,
    backlog: 4096,
    keepAliveTimeout: '1h',
    headersTimeout: '1h',
    routes: {
      '/': () => new Response('Hello, World!'),
      *'/wait'() {
        yield* sleep('1h');
        return new Response('Hello, World!');
      },
    },
  });
  announce(server.port);
  yield* server.serveForever();
});
