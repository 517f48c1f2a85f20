/** What a program has lost without ending it: its connections would be held for nobody. */
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
  // Code that waits for the body has no need of the response.
  if (body.complete || body._wanted || loop.isClosed()) return;
  connection._abort(null);
  loop.callExceptionHandler({
    message: `Unclosed response: ${what} was neither read nor released`,
  });
});

const sessions = new FinalizationRegistry<ConnectionPool>((pool) => {
  pool._closeUnclosed();
});

/** Drops the connection of a response whose body is on its way when nobody has it any more. */
export function watchForRelease(
  response: ClientResponse,
  connection: ClientConnection,
  body: IncomingBody,
): void {
  responses.register(response, { connection, body, what: String(response) });
}

/** Closes what a session has open when nobody has it any more. */
export function watchForClose(session: ClientSession, pool: ConnectionPool): void {
  sessions.register(session, pool);
}
