import type { BufferedProtocol } from './protocol.ts';
import type { Transport } from './transport.ts';
/** One read after READABLE. */
export declare function receiveInto(transport: Transport): void;
/** Bytes that were received before the protocol asked for reads into its own memory. */
export declare function feedBuffered(transport: Transport, protocol: BufferedProtocol, data: Buffer): void;
