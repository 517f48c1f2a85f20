/** The WebSocket is closed, so there is nothing to receive or wait for. */
export declare class WebSocketClosedError extends Error {
    name: string;
    readonly code: string;
    /** The close code; 1006 if the connection broke, 1005 if none was given. */
    readonly closeCode: number;
    /** The reason given by the closing side. */
    readonly reason: string;
    constructor(closeCode: number, reason: string);
}
