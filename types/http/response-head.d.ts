/**
 * Heads of responses. The usual head, with no header but Content-Type, is made once a second for
 * each status and type; from then on it is copied.
 */
import type { EventLoop } from '../core/event-loop.ts';
import type { Response } from './response.ts';
export declare class ResponseHeads {
    #private;
    constructor(loop: EventLoop);
    /** The bytes of a plain head, up to and with `content-length: `. */
    plain(status: number, type: string | null): Buffer;
    /** A whole head but for the empty line. `framing` are the lines that the caller knows. */
    full(response: Response, framing: string): string;
    dateLine(): string;
}
