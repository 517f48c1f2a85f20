import { describe } from '../../core/support/describe.ts';
import { REASONS } from './status.ts';

/**
 * An error with an HTTP status: when a handler throws it, the client gets a response of that status
 * with the message as text, and the error is not reported. @throws RangeError (constructor) unless
 * the status is from 400 to 599
 *
 * @example throw new HttpError(404, 'no such page');
 */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message?: string, options?: ErrorOptions) {
    if (!Number.isInteger(status) || status < 400 || status > 599) {
      throw new RangeError(`status of an HttpError must be 400 to 599, not ${describe(status)}`);
    }
    super(message ?? REASONS[status] ?? 'error', options);
    this.name = 'HttpError';
    this.status = status;
  }
}
