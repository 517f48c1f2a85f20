import type { Transport } from './transport.ts';
/** What `getExtraInfo` knows; undefined for what it does not. Answers are kept. */
export declare function extraInfo(transport: Transport, name: string): unknown;
