/** What `readuntil` looks for. */
export type Separator = string | Uint8Array;
