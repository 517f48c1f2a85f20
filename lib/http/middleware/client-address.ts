import type { Request } from '../server/request.ts';

/** The address of the client; null when the connection is gone. */
export function clientAddress(request: Request): string | null {
  return request.ip;
}
