import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { Future } from '../core/future/future.ts';
import type { Data } from '../io/data.ts';
import type { Tls } from '../tls/context.ts';
import { type StartTlsOptions } from './start-tls.ts';
import { type SignalOptions } from '../tasks/abort.ts';
import type { SentFile } from '../io/file-source.ts';
import type { Sending } from './sock-calls.ts';
import { type SendfileOptions } from './sendfile.ts';
import { type Transport } from './transport.ts';
/**
 * The sending side of a stream. `write` never waits; `drain` waits while too much is unsent. Code
 * that calls both uses bounded memory, however slow the peer is.
 *
 * @example
 * writer.write('hello\n');
 * yield* writer.drain();
 * writer.close();
 * yield* writer.waitClosed();
 */
export declare class StreamWriter {
    #private;
    readonly transport: Transport;
    readonly loop: AbstractEventLoop;
    private constructor();
    /** Sends text (as UTF-8) or bytes; see {@link Transport.write}. */
    write(data: Data): void;
    /** Sends several pieces in order. */
    writelines(pieces: Iterable<Data>): void;
    /**
     * Sends a file after everything written so far; see `loop.sendfile`.
     * @example yield* writer.sendfile(file, 0, 1024);
     */
    sendfile(file: SentFile, offset?: number, count?: number | null, options?: SendfileOptions): Sending<number>;
    /** Closes our direction once everything written is sent. */
    writeEof(): void;
    /** Whether the sending side can be closed alone; always true for TCP. */
    canWriteEof(): boolean;
    /**
     * If more than the high watermark is unsent, waits until it has fallen to the low one; otherwise
     * it is done at once and costs no turn. Any number of tasks may wait. Cancel-safe, also with
     * `signal`: what was written is still sent.
     * @throws the error that broke the connection; one with code `ECONNRESET` once it is lost;
     * AbortError when `signal` aborts
     */
    drain(options?: SignalOptions): Future<void>;
    /**
     * Upgrades the connection to TLS, as {@link EventLoop.startTls} does; unread bytes in the reader
     * go to the handshake. By default this is the server side if the connection was accepted by a
     * server. When it fails or is cancelled, the connection is closed.
     * @example
     * writer.write('STARTTLS\r\n');
     * yield* reader.readline();
     * yield* writer.startTls(true, { servername: 'mail.example' });
     */
    startTls(tls: Tls, options?: StartTlsOptions): Future<void>;
    /** Closes both directions once everything written is sent. */
    close(): void;
    /** Whether it is closed, or about to be. */
    isClosing(): boolean;
    /**
     * Waits until the connection is closed; call `close()` before. Cancel-safe: it is closed anyway.
     * @throws the error that broke the connection; AbortError when `signal` aborts
     */
    waitClosed(options?: SignalOptions): Future<void>;
    /** As {@link Transport.getExtraInfo}: `'peername'`, `'sockname'`, `'socket'`. */
    getExtraInfo(name: string, fallback?: unknown): unknown;
    toString(): string;
    /** `await using`: closes it and waits; an error of the connection is not thrown. */
    [Symbol.asyncDispose](): Promise<void>;
}
