import { type Data } from '../io/data.ts';
import { DatagramSocket } from '../io/datagram-socket.ts';
import { NativeDatagrams } from '../io/native-datagrams.ts';
import type { AnySocketAddress } from '../io/transport-socket.ts';
import type { Runnable } from '../native/rings.ts';
import type { DatagramProtocol } from './datagram-protocol.ts';
import { type WriteBufferLimits } from './watermarks.ts';
/**
 * A socket for datagrams as its protocol sees it. Made by `createDatagramEndpoint`, never with
 * `new`.
 */
export declare class DatagramTransport extends NativeDatagrams implements Runnable {
    #private;
    private constructor();
    /**
     * Sends one datagram, empty ones too. Never waits: what the kernel has no room for is kept and
     * sent in order; all of one turn leaves together. What cannot be sent goes to
     * `errorReceived`. The data is the caller's again at once. After `close()` it is dropped.
     *
     * @param data - text (as UTF-8) or bytes
     * @param address - `[host, port]`, the host numeric, or the path of a Unix socket; not needed
     * where there is a `remoteAddr`, and then nothing else than that
     * @throws TypeError when data is neither text nor bytes, when an address is missing or malformed;
     * RangeError for a host that is not numeric, a port out of range, an address of the other family,
     * or one that is not `remoteAddr`
     */
    sendto(data: Data, address?: AnySocketAddress | null): void;
    /** Bytes that were sent and that the kernel has not taken yet, and 8 more for each datagram. */
    getWriteBufferSize(): number;
    /** `[low, high]` in bytes; by default 16 KiB and 64 KiB. */
    getWriteBufferLimits(): [low: number, high: number];
    /**
     * When `pauseWriting` and `resumeWriting` are called: above `high`, and at or below `low`. Either
     * may be left out: `low` is then a quarter of `high`, and `high` four times `low`.
     * @throws RangeError unless high >= low >= 0
     */
    setWriteBufferLimits(limits?: WriteBufferLimits): void;
    /** Whether it is closing or closed. */
    isClosing(): boolean;
    /**
     * Closes: nothing more is received, what was sent still leaves, then `connectionLost(null)`. May
     * be repeated.
     */
    close(): void;
    /** Closes at once: what is unsent is dropped. `connectionLost(null)` follows. */
    abort(): void;
    /** The protocol that is being called now. */
    getProtocol(): DatagramProtocol<any>;
    /** Calls another protocol from now on; its `connectionMade` is not called. */
    setProtocol(protocol: DatagramProtocol<any>): void;
    /**
     * What is known of the socket: `socket` (a {@link DatagramSocket}), `sockname` and `peername`
     * (`[host, port]`, or the path of a Unix socket), also once it is closed; `otherwise` for what is
     * not.
     */
    getExtraInfo(name: 'socket'): DatagramSocket;
    getExtraInfo(name: string, otherwise?: unknown): unknown;
    toString(): string;
}
