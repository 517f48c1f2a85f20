import type { BufferedProtocol } from './protocol.ts';
import type { Transport } from './transport.ts';
/** One read after READABLE. */
export declare function receiveInto(transport: Transport, protocol: BufferedProtocol): void;
/** Reads into `memory`. @returns how many bytes there are, 0 when there are none to go on with */
export declare function receive(transport: Transport, memory: Uint8Array): number;
/** Bytes that were received before the protocol asked for reads into its own memory. */
export declare function feedBuffered(transport: Transport, protocol: BufferedProtocol, data: Buffer): void;
