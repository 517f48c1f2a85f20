import { describe } from '../../core/support/describe.ts';
import { REASONS } from './status.ts';

/**
 * An error that says how to answer: thrown by a handler, it becomes a response of that status with
 * the message as text, and is not reported.
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
