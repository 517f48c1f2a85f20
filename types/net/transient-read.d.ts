import type { Transport } from './transport.ts';
/** One read after READABLE. */
export declare function receiveTransient(transport: Transport): void;
