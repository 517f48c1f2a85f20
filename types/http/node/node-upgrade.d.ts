/**
 * A connection that an application of `node:http` takes over, in its event `upgrade`: from then on
 * it is a stream of bytes, and the application's to end.
 */
import type { IncomingMessage } from 'node:http';
import type { TransportStream } from '../../node/to-node-stream.ts';
/** What is called for a request to leave HTTP, with Node's own request and the stream below. */
export type NodeUpgradeListener = (request: IncomingMessage, socket: TransportStream, head: Buffer) => unknown;
