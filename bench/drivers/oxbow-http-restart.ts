// HTTP hello that hands over to a new process at SIGUSR2. Each process prints its pid.
import { createTask, getRunningLoop, run } from 'oxbow';
import { handOver, Response, serve } from 'oxbow/http';
import { announce } from './control.ts';

await run(function* () {
  const server = yield* serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: () => new Response('Hello, World!'),
  });
  getRunningLoop().addSignalHandler('SIGUSR2', () => void createTask(restart));
  announce(server.port, { pid: process.pid });
  yield* server.serveForever();
});

function* restart() {
  yield* handOver();
}
