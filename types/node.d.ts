/**
 * `oxbow/node`: converts between the loop's transports and the streams of Node and of WHATWG.
 * Table of contents.
 */
export { fromNodeStream } from './node/from-node-stream.ts';
export type { FromNodeOptions } from './node/from-node-stream.ts';
export { toNodeStream, TransportStream } from './node/to-node-stream.ts';
export type { ToNodeOptions } from './node/to-node-stream.ts';
export { toWebStreams } from './node/to-web-streams.ts';
export type { WebStreams } from './node/to-web-streams.ts';
