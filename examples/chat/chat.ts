// A chat: whoever has the page open hears what the others say.
//
//   node build/ts/examples/chat/chat.js [PORT]
import { fileURLToPath } from 'node:url';

import { run } from 'oxbow';
import { serve, staticFiles, websocket } from 'oxbow/http';

const page = fileURLToPath(new URL('../../../../examples/chat/page', import.meta.url));
const port = Number(process.argv[2] ?? 8080);

await run(function* () {
  const tell = (message: object): void => {
    server.publish('room', JSON.stringify({ ...message, here: server.subscribers('room') }));
  };
  const server = yield* serve({
    port,
    routes: {
      '/': staticFiles(page),
      '/room': websocket({
        origins: 'same',
        maxMessageSize: 4096,
        open(socket, request) {
          socket.data = (request.query.get('name') ?? '').trim().slice(0, 24) || 'somebody';
          socket.subscribe('room');
          tell({ note: `${String(socket.data)} is here` });
        },
        message: (socket, text) => tell({ name: socket.data, text: String(text) }),
        close: (socket) => tell({ note: `${String(socket.data)} has left` }),
      }),
    },
  });
  console.log(`chat on ${server.url}`);
  yield* server.serveForever();
});
