import type { ProcessInfo, Request } from './protocol.ts';
export declare class MonitorServer {
    #private;
    constructor(path: string, control: Int32Array, describe: (request: Request) => Promise<ProcessInfo>);
    start(): void;
    /** The socket's file goes with it. */
    close(): void;
}
