/** Options that are true or false. */
declare const FLAGS: readonly ['reuseAddress', 'reusePort', 'keepAlive', 'noDelay', 'ipv6Only', 'broadcast'];
/** Options that are whole numbers from 1. */
declare const NUMBERS: readonly ['keepIdle', 'keepInterval', 'keepCount', 'receiveBuffer', 'sendBuffer', 'receiveLowWater'];
/** Options that are whole numbers from 0. */
declare const NUMBERS_OR_NONE: readonly ['userTimeout'];
/** Options that can only be read. */
declare const ANSWERS: readonly ['error', 'listening'];
/**
 * An option of a socket that can be set: `reuseAddress`, `reusePort`, `keepAlive`, `noDelay`,
 * `ipv6Only`, `broadcast` are true or false; `keepIdle` and `keepInterval` (seconds), `keepCount`,
 * `receiveBuffer`, `sendBuffer`, `receiveLowWater` (bytes) are numbers from 1, `userTimeout`
 * (milliseconds, on Linux) one from 0, `linger` (seconds) one from 0 or null for none.
 */
export type SocketOption = (typeof FLAGS)[number] | (typeof NUMBERS)[number] | (typeof NUMBERS_OR_NONE)[number] | 'linger';
/** Options that can be read: also `error` (an errno or 0; reading clears it) and `listening`. */
export type AskedOption = SocketOption | (typeof ANSWERS)[number];
