/**
 * An error that says how to answer: thrown by a handler, it becomes a response of that status with
 * the message as text, and is not reported.
 *
 * @example throw new HttpError(404, 'no such page');
 */
export declare class HttpError extends Error {
    readonly status: number;
    constructor(status: number, message?: string, options?: ErrorOptions);
}
