import { type Data } from '../io/data.ts';
import { DatagramSocket } from '../io/datagram-socket.ts';
import { NativeDatagrams } from '../io/native-datagrams.ts';
import type { AnySocketAddress } from '../io/transport-socket.ts';
import type { Runnable } from '../native/rings.ts';
import type { DatagramProtocol } from './datagram-protocol.ts';
import { type WriteBufferLimits } from './watermarks.ts';
/**
 * A datagram socket as its protocol sees it. Created by `createDatagramEndpoint`, never with `new`.
 */
export declare class DatagramTransport extends NativeDatagrams implements Runnable {
    #private;
    private constructor();
    /**
     * Sends one datagram, which may be empty. Never waits: what the kernel has no room for is kept
     * and sent in order; all datagrams of one turn leave together. Failures are reported to
     * `errorReceived`. The data can be reused at once. After `close()` it is dropped.
     *
     * @param data - text (as UTF-8) or bytes
     * @param address - `[host, port]`, the host numeric, or the path of a Unix socket; with a
     * `remoteAddr` not needed, and only that one is allowed
     * @throws TypeError when data is neither text nor bytes, when an address is missing or malformed;
     * RangeError for a host that is not numeric, a port out of range, an address of the other family,
     * or one that is not `remoteAddr`
     */
    sendto(data: Data, address?: AnySocketAddress | null): void;
    /** Bytes not yet taken by the kernel, plus 8 for each datagram. */
    getWriteBufferSize(): number;
    /** `[low, high]` in bytes; by default 16 KiB and 64 KiB. */
    getWriteBufferLimits(): [low: number, high: number];
    /**
     * Sets when `pauseWriting` and `resumeWriting` are called: above `high`, and at or below `low`,
     * in bytes. If one is left out, `low` is a quarter of `high`, or `high` four times `low`.
     * @throws RangeError unless high >= low >= 0
     */
    setWriteBufferLimits(limits?: WriteBufferLimits): void;
    /** Whether it is closing or closed. */
    isClosing(): boolean;
    /**
     * Closes: stops receiving, sends what is unsent, then calls `connectionLost(null)`. May be
     * repeated.
     */
    close(): void;
    /** Closes at once: unsent datagrams are dropped. `connectionLost(null)` follows. */
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
