// A folder of files through serve({routes}).
import { run } from 'oxbow';
import { serve, staticFiles } from 'oxbow/http';
import { filesDir } from '../files.ts';
import { announce } from './control.ts';

await run(function* () {
  const server = yield* serve({
    hostname: '127.0.0.1',
    port: 0,
    routes: { '/*': staticFiles(filesDir) },
  });
  announce(server.port);
  yield* server.serveForever();
});
