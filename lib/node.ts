/**
 * `oxbow/node`: Node's streams over the loop's transports, and the other way round. Contents page.
 */
export { fromNodeStream } from './node/from-node-stream.ts';
export type { FromNodeOptions } from './node/from-node-stream.ts';
export { toNodeStream, TransportStream } from './node/to-node-stream.ts';
export type { ToNodeOptions } from './node/to-node-stream.ts';
export { toWebStreams } from './node/to-web-streams.ts';
export type { WebStreams } from './node/to-web-streams.ts';
