/**
 * An error with an HTTP status: when a handler throws it, the client gets a response of that status
 * with the message as text, and the error is not reported. @throws RangeError (constructor) unless
 * the status is from 400 to 599
 *
 * @example throw new HttpError(404, 'no such page');
 */
export declare class HttpError extends Error {
    readonly status: number;
    constructor(status: number, message?: string, options?: ErrorOptions);
}
