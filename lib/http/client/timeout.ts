import type { Duration } from '../../core/support/duration.ts';
import { toTimeout } from '../../core/support/duration.ts';
import { checkOptions } from '../../core/support/options.ts';
import { showsText } from '../../core/support/shows-text.ts';

const LIMITS = ['total', 'connect', 'sockConnect', 'sockRead'];

/** Time limits, each a duration; null or 0 for none, as in aiohttp. */
export interface ClientTimeoutInit {
  /** From the call to the last byte of the body, including redirects; default 300 s. */
  total?: Duration | null;
  /** To get a connection, by waiting for a slot and connecting; default none. */
  connect?: Duration | null;
  /** To connect once; default none. */
  sockConnect?: Duration | null;
  /**
   * Between two reads; default none. A response that is not being read is paused, and only the
   * total applies: without one, it holds its connection until it is read or released.
   */
  sockRead?: Duration | null;
}

/**
 * Time limits of a request.
 *
 * @example new ClientSession({ timeout: new ClientTimeout({ total: '10s', sockRead: 2 }) })
 */
export class ClientTimeout {
  /** All in seconds; null for no limit. */
  readonly total: number | null;
  readonly connect: number | null;
  readonly sockConnect: number | null;
  readonly sockRead: number | null;

  /** @throws TypeError, RangeError naming the limit */
  constructor(init: ClientTimeoutInit = {}) {
    checkOptions('ClientTimeout', init, LIMITS);
    this.total = init.total === undefined ? 300 : limit(init.total, 'timeout.total');
    this.connect = limit(init.connect, 'timeout.connect');
    this.sockConnect = limit(init.sockConnect, 'timeout.sockConnect');
    this.sockRead = limit(init.sockRead, 'timeout.sockRead');
  }

  toString(): string {
    const { total, connect, sockConnect, sockRead } = this;
    const said = Object.entries({ total, connect, sockConnect, sockRead })
      .map(([name, seconds]) => (seconds === null ? '' : ` ${name}=${seconds}s`))
      .join('');
    return `<ClientTimeout${said === '' ? ' none' : said}>`;
  }

  /** Converts what a caller may give: a ClientTimeout, its options, the total, or null. */
  static from(value: ClientTimeout | ClientTimeoutInit | Duration | null): ClientTimeout {
    if (value instanceof ClientTimeout) return value;
    if (value === null || typeof value !== 'object') return new ClientTimeout({ total: value });
    return new ClientTimeout(value);
  }
}

showsText(ClientTimeout);

function limit(value: Duration | null | undefined, name: string): number | null {
  const seconds = toTimeout(value, name);
  if (seconds !== null && seconds < 0) {
    throw new RangeError(`${name} must be 0 (no limit) or more, not ${seconds}`);
  }
  return seconds === 0 || seconds === Infinity ? null : seconds;
}
