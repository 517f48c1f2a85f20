/**
 * A connection taken over by a `node:http` application in its `upgrade` event: from then on it is a
 * stream of bytes, which the application must end.
 */
import type { IncomingMessage } from 'node:http';
import type { TransportStream } from '../../node/to-node-stream.ts';
/** Called for an upgrade request, with Node's own request and the stream of the connection. */
export type NodeUpgradeListener = (request: IncomingMessage, socket: TransportStream, head: Buffer) => unknown;
