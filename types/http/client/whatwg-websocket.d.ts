type Listener = ((event: any) => unknown) | null;
/**
 * A WebSocket as browsers have it, over a connection of the running loop. `connectWebSocket` is the
 * better choice for code of one's own: it waits, is cancelled, and knows about backpressure.
 *
 * @throws SyntaxError (DOMException) for a URL or protocols that cannot be; RuntimeError outside of
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
    /** Where it connects to. */
    readonly url: string;
    /** @param protocols - one sub-protocol, or several, the most wanted first */
    constructor(url: string | URL, protocols?: string | readonly string[]);
    /** CONNECTING 0, OPEN 1, CLOSING 2 or CLOSED 3. */
    get readyState(): number;
    /** The sub-protocol that was agreed on, or ''. */
    get protocol(): string;
    /** The extensions that were agreed on, or ''. */
    get extensions(): string;
    /** Bytes that were sent and have not left. Those that are sent once it closes stay counted. */
    get bufferedAmount(): number;
    /** What bytes come as: `'blob'`, which is the default, or `'arraybuffer'`. */
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
    /** Sends text or bytes. @throws InvalidStateError (DOMException) while it connects */
    send(data: string | Blob | ArrayBufferView | ArrayBuffer): void;
    /**
     * Closes it.
     * @param code - 1000, or 3000 to 4999; none by default, or 1000 where there is a reason
     * @throws InvalidAccessError, SyntaxError (DOMException) for another code, and a reason of more
     *   than 123 bytes
     */
    close(code?: number, reason?: string): void;
    toString(): string;
}
