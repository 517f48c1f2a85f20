/** Reason phrases of the registered status codes; HTTP/1.1 wants the space even without one. */
export declare const REASONS: Record<number, string>;
/** Whether a response of this status never has a body. */
export declare function isBodyless(status: number): boolean;
