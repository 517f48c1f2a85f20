// A task that is cancelled when its WebSocket is there, before it goes on, leaves no connection.
import { type Coro, createTask, type Future, getRunningLoop, run } from 'oxbow';
import {
  ClientSession,
  connectWebSocket,
  serve,
  websocket,
  type WebSocketConnection,
} from 'oxbow/http';

/** More than it takes to connect. */
const TURNS = 30;

const open = (): number => getRunningLoop().metrics().handles;

test.each(['connectWebSocket', 'session.websocket'])('%s', (name) =>
  run(function* () {
    const routes = { '/': websocket({ message() {} }) };
    const server = yield* serve({ port: 0, hostname: '127.0.0.1', routes });
    const session = new ClientSession();
    const url = String(server.url).replace('http', 'ws');
    const connect = (): Future<WebSocketConnection> =>
      name === 'connectWebSocket' ? connectWebSocket(url) : session.websocket(url);
    const before = open();
    const seen = { cancelled: 0, given: 0 };
    for (let turn = 0; turn < TURNS; turn++) {
      const task = createTask(function* (): Coro<WebSocketConnection> {
        return yield* connect();
      });
      for (let passed = 0; passed < turn; passed++) yield;
      task.cancel();
      try {
        (yield* task).abort();
        seen.given++;
      } catch {
        seen.cancelled++;
      }
    }
    expect(seen.cancelled).toBeGreaterThan(0);
    while (open() !== before) yield;
    yield* session.close();
    server.close();
  }),
);
