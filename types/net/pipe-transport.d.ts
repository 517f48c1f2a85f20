import { Transport } from './transport.ts';
/** What a pipe may be given as: the number of its descriptor, or an object that has one. */
export type Pipe = number | {
    readonly fd: number;
} | {
    fileno(): number;
};
/**
 * The end of a pipe that is read from, a terminal or a socket used as one: a {@link Transport} that
 * writes nothing. Made by `connectReadPipe`, never with `new`.
 */
export declare class ReadTransport extends Transport {
    /** @throws RuntimeError always: this end is only read from */
    write(): void;
    /** @throws RuntimeError always: this end is only read from */
    writelines(): void;
    /** @throws RuntimeError always: this end is only read from */
    writeEof(): void;
    /** False: this end is only read from. */
    canWriteEof(): boolean;
    toString(): string;
}
/**
 * The end of a pipe that is written to, a terminal or a socket used as one: a {@link Transport}
 * that reads nothing. Made by `connectWritePipe`, never with `new`.
 *
 * When nobody reads from the other end any more, it closes itself: `connectionLost(null)` when all
 * was taken, else `connectionLost(error)` with code `EPIPE`.
 */
export declare class WriteTransport extends Transport {
    /** Closes it once everything written is sent: the end is all that can follow. */
    writeEof(): void;
    /** False: nothing is read. */
    isReading(): boolean;
    /** Does nothing. */
    pauseReading(): void;
    /** Does nothing. */
    resumeReading(): void;
    toString(): string;
}
