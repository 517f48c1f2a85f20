/** A numeric address. */
export interface Address {
    address: string;
    port: number;
    /** 4 or 6. */
    family: 4 | 6;
}
declare module '../core/loop/event-loop.ts' {
    interface EventLoop {
    }
}
