import { Transport } from './transport.ts';
/** How a pipe is given: a descriptor number, or an object that has one. */
export type Pipe = number | {
    readonly fd: number;
} | {
    fileno(): number;
};
/**
 * The reading end of a pipe, or a terminal or socket used as one: a {@link Transport} that cannot
 * write. Created by `connectReadPipe`, never with `new`.
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
 * The writing end of a pipe, or a terminal or socket used as one: a {@link Transport} that cannot
 * read. Created by `connectWritePipe`, never with `new`.
 *
 * It closes itself when the reading end is closed: with `connectionLost(null)` if everything was
 * sent, else with `connectionLost(error)` with code `EPIPE`.
 */
export declare class WriteTransport extends Transport {
    /** Closes it once everything written is sent, since there is no other direction. */
    writeEof(): void;
    /** False: nothing is read. */
    isReading(): boolean;
    /** Does nothing. */
    pauseReading(): void;
    /** Does nothing. */
    resumeReading(): void;
    toString(): string;
}
