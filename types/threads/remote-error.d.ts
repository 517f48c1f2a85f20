import type { Packed } from './wire.ts';
/** An error in parts, or a value that was thrown and is none. */
export type PackedError = {
    value: unknown;
} | {
    name: string;
    message: string;
    stack: string | undefined;
    fields: Record<string, unknown>;
    cause?: PackedError;
    errors?: PackedError[];
};
/** Takes an error apart. Never throws, whatever it is. */
export declare function packError(error: unknown): PackedError;
/** An error as the values of a message. Never throws either. */
export declare function packErrorMessage(error: unknown): Packed;
/** Puts an error together again, of the class it had if this package or the language has it. */
export declare function unpackError(packed: PackedError): unknown;
