import type { Endpoint } from './names.ts';
/** A connected handle that has no target yet. */
export interface Connected {
    handle: number;
    generation: number;
    /** The peer's address. */
    endpoint: Endpoint;
}
