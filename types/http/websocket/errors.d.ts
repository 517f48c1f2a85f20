/** The WebSocket is closed, so there is nothing more to receive, or to wait for. */
export declare class WebSocketClosedError extends Error {
    name: string;
    readonly code: string;
    /** The code it was closed with; 1006 where the connection broke, 1005 where none was given. */
    readonly closeCode: number;
    /** What the closing side said about it. */
    readonly reason: string;
    constructor(closeCode: number, reason: string);
}
