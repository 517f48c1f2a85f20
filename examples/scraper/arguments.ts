import { parseArgs } from 'node:util';

import { isWeb } from './links.ts';

export const USAGE = `usage: npm start -- [URL…] [--limit N] [--concurrency N] [--timeout SECONDS]

  URL             http: or https: URLs to start from; without any, an embedded site is crawled
  --limit         pages to fetch at most (default: 5000; 200 with URLs)
  --concurrency   pages to fetch at once (default: 64; 8 with URLs)
  --timeout       seconds that a page may take (default: 1.5; 10 with URLs)`;

export interface Arguments {
  urls: string[];
  limit: number;
  concurrency: number;
  timeout: number;
  help: boolean;
}

/** The arguments, or what is wrong with them. */
export function parseArguments(argv: string[]): Arguments | string {
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        limit: { type: 'string' },
        concurrency: { type: 'string' },
        timeout: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const own = positionals.length === 0;
    return {
      urls: positionals.map(checkUrl),
      limit: whole('--limit', values.limit ?? (own ? '5000' : '200'), 1_000_000),
      concurrency: whole('--concurrency', values.concurrency ?? (own ? '64' : '8'), 1000),
      timeout: seconds('--timeout', values.timeout ?? (own ? '1.5' : '10')),
      help: values.help === true,
    };
  } catch (error) {
    return (error as Error).message;
  }
}

function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) throw new Error(`not a URL: ${text}`);
  if (!isWeb(url)) throw new Error(`only http: and https: can be crawled: ${text}`);
  return url.href;
}

function whole(name: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return value;
  throw new Error(`${name} must be a whole number from 1 to ${most}, not ${text}`);
}

function seconds(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= 3600) return value;
  throw new Error(`${name} must be a number of seconds from 0 to 3600, not ${text}`);
}
