/** Values that are ready to be sent. Making it may run user code (getters); sending it does not. */
export type Packed = readonly unknown[] | Buffer;
/** @throws what V8 throws for values that cannot be cloned */
export declare function pack(values: readonly unknown[]): Packed;
/** The message that was written last, for the call that posts it. */
export declare let written: Buffer;
/** Writes a message. @returns its size; its bytes are in `written` until the next one */
export declare function writeMessage(kind: number, call: number, target: number, replyTo: number, packed: Packed): number;
/** What can be read of, one message after the other: an engine or a mailbox. */
export interface Posts {
    takePosted(memory: Uint8Array | null, first: boolean): number;
}
/** The message that was taken last. */
export declare class Incoming {
    #private;
    /** Takes the next message. @returns false when there is none */
    take(from: Posts, first?: boolean): boolean;
    get kind(): number;
    get call(): number;
    get target(): number;
    get replyTo(): number;
    /** A copy of what is behind the header. */
    body(): Buffer;
    /** What was packed. */
    values(): unknown[];
}
