/**
 * A connection to the monitor: requests in, answers out, one at a time. The length of a request is
 * bounded, and so is the time in which a client may say nothing, or not read its answer.
 */
import type { Socket } from 'node:net';
import type { ProcessInfo, Request } from './protocol.ts';
export declare class Client {
    #private;
    constructor(socket: Socket, describe: (request: Request) => Promise<ProcessInfo>);
    /** Whether a request of its is being answered. */
    get busy(): boolean;
    close(): void;
}
