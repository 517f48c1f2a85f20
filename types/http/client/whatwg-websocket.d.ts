type Listener = ((event: any) => unknown) | null;
/**
 * A WebSocket with the browsers' API, over a connection of the running loop. For new code prefer
 * `connectWebSocket`: it can be awaited and cancelled, and supports backpressure.
 *
 * @throws SyntaxError (DOMException) for an invalid URL or invalid protocols; RuntimeError outside
 *   a running loop
 * @example
 * const socket = new WebSocket('ws://localhost:8080/chat');
 * socket.onmessage = ({ data }) => console.log(data);
 * socket.onopen = () => socket.send('hello');
 */
export declare class WebSocket extends EventTarget {
    #private;
    static readonly CONNECTING: number;
    static readonly OPEN: number;
    static readonly CLOSING: number;
    static readonly CLOSED: number;
    readonly CONNECTING: number;
    readonly OPEN: number;
    readonly CLOSING: number;
    readonly CLOSED: number;
    /** The URL it connects to. */
    readonly url: string;
    /** @param protocols - one sub-protocol, or several, the preferred one first */
    constructor(url: string | URL, protocols?: string | readonly string[]);
    /** CONNECTING 0, OPEN 1, CLOSING 2 or CLOSED 3. */
    get readyState(): number;
    /** The negotiated sub-protocol, or ''. */
    get protocol(): string;
    /** The negotiated extensions, or ''. */
    get extensions(): string;
    /** Bytes passed to `send` and not yet sent. What is passed after closing began stays counted. */
    get bufferedAmount(): number;
    /** The type of received bytes: `'blob'`, the default, or `'arraybuffer'`. */
    get binaryType(): 'blob' | 'arraybuffer';
    set binaryType(type: 'blob' | 'arraybuffer');
    get onopen(): Listener;
    set onopen(listener: Listener);
    get onmessage(): Listener;
    set onmessage(listener: Listener);
    get onerror(): Listener;
    set onerror(listener: Listener);
    get onclose(): Listener;
    set onclose(listener: Listener);
    /** Sends text or bytes. @throws InvalidStateError (DOMException) while connecting */
    send(data: string | Blob | ArrayBufferView | ArrayBuffer): void;
    /**
     * Starts the closing handshake; while connecting, gives up.
     * @param code - 1000, or 3000 to 4999; default: none, or 1000 if there is a reason
     * @throws InvalidAccessError, SyntaxError (DOMException) for another code, or a reason of more
     *   than 123 bytes
     */
    close(code?: number, reason?: string): void;
    toString(): string;
}
