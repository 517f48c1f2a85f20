// WebSocket: `/` echoes, `/topic` subscribes, and messages to `/publish` go to all subscribers.
import { run } from 'oxbow';
import { serve, websocket } from 'oxbow/http';
import { announce } from './control.ts';

await run(function* () {
  const server = yield* serve({
    hostname: '127.0.0.1',
    port: 0,
    backlog: 4096,
    routes: {
      '/': websocket({ message: (socket, message) => void socket.send(message) }),
      '/topic': websocket({ open: (socket) => socket.subscribe('topic') }),
      '/publish': websocket({
        message: (socket, message) => void socket.publish('topic', message),
      }),
    },
  });
  announce(server.port);
  yield* server.serveForever();
});
