import type { Request } from '../server/request.ts';

/** Whom a request comes from; null when the connection is gone. */
export function clientAddress(request: Request): string | null {
  return request.ip;
}
