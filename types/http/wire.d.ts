/** Bytes and text on their way into a connection. */
import type { Rings } from '../native/rings.ts';
/** Where bytes go: the loop's rings and the handle that they are for. */
export interface Outlet {
    readonly _rings: Rings;
    readonly _handle: number;
    readonly _generation: number;
}
export declare function writeBytes(outlet: Outlet, data: Uint8Array): void;
/** Writes text whose characters are all below 256, one byte each. */
export declare function writeLatin1(outlet: Outlet, text: string): void;
export declare function writeUtf8(outlet: Outlet, text: string): void;
