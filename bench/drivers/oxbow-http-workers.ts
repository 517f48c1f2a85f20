// A response that takes some 50 us of work, on OXBOW_BENCH_WORKERS threads. Each of them runs this
// file up to `serve`.
import { createHash } from 'node:crypto';
import { isMainThread } from 'node:worker_threads';

import { run } from 'oxbow';
import { Response, serve } from 'oxbow/http';
import { announce } from './control.ts';

const page = Buffer.alloc(64 * 1024, 'Hello, World!');

await run(function* () {
  const server = yield* serve({
    hostname: '127.0.0.1',
    port: 0,
    workers: Number(process.env['OXBOW_BENCH_WORKERS']),
    fetch() {
      const digest = createHash('sha256').update(page).digest('hex');
      return new Response(digest.length === 64 ? 'Hello, World!' : '');
    },
  });
  if (isMainThread) announce(server.port);
  yield* server.serveForever();
});
