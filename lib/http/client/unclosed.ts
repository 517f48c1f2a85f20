/** Responses and sessions that were collected without being closed: frees their connections. */
import type { ClientConnection } from './connection.ts';
import type { ClientResponse } from './response.ts';
import type { ClientSession } from './session.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { IncomingBody } from '../message/incoming-body.ts';

interface Unread {
  connection: ClientConnection;
  body: IncomingBody;
  what: string;
}

const responses = new FinalizationRegistry<Unread>(({ connection, body, what }) => {
  const loop = connection._loop;
  // A read in progress needs only the body, not the response.
  if (body.complete || body._wanted || loop.isClosed()) return;
  connection._abort(null);
  loop.callExceptionHandler({
    message: `Unclosed response: ${what} was neither read nor released`,
  });
});

const sessions = new FinalizationRegistry<ConnectionPool>((pool) => {
  pool._closeUnclosed();
});

/** Drops the connection of a response that is collected before its body is complete. */
export function watchForRelease(
  response: ClientResponse,
  connection: ClientConnection,
  body: IncomingBody,
): void {
  responses.register(response, { connection, body, what: String(response) });
}

/** Closes the connections of a session that is collected unclosed. */
export function watchForClose(session: ClientSession, pool: ConnectionPool): void {
  sessions.register(session, pool);
}
