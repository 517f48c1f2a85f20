// The same crawl on Node's built-in loop and http, with what they offer for it.
import { setMaxListeners } from 'node:events';
import http from 'node:http';

import type { Crawl } from './crawl.ts';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export async function crawlWithNode(
  crawl: Crawl,
  { concurrency, timeout }: { concurrency: number; timeout: number },
  signal: AbortSignal,
): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency });
  const running = new Set<Promise<void>>();
  setMaxListeners(0, signal);
  try {
    do {
      for (let url; running.size < concurrency && (url = crawl.take()) !== undefined;) {
        const visiting: Promise<void> = visit(crawl, agent, url, timeout, signal).finally(() =>
          running.delete(visiting),
        );
        running.add(visiting);
      }
      if (running.size !== 0) await Promise.race(running);
    } while (!signal.aborted && (running.size !== 0 || crawl.visits.length < crawl.found));
  } finally {
    agent.destroy();
  }
}

async function visit(
  crawl: Crawl,
  agent: http.Agent,
  first: string,
  timeout: number,
  stop: AbortSignal,
): Promise<void> {
  const start = performance.now();
  const took = (): number => (performance.now() - start) / 1000;
  const limit = new AbortController();
  const abort = (): void => limit.abort();
  const timer = setTimeout(abort, timeout * 1000);
  stop.addEventListener('abort', abort);
  try {
    for (let url = first, hops = 0; ; hops++) {
      const response = await request(url, agent, limit.signal);
      let html = '';
      for await (const piece of response.setEncoding('utf8')) html += piece;
      const { statusCode, headers } = response;
      if (REDIRECTS.has(statusCode!) && headers.location !== undefined) {
        if (hops === 10) return crawl.fail(first, 'too many redirects', took());
        url = new URL(headers.location, url).href;
        continue;
      }
      if (statusCode! < 400) return crawl.succeeded(first, url, html, took());
      return crawl.fail(first, `HTTP ${statusCode}`, took());
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'disconnected';
    crawl.fail(first, limit.signal.aborted ? 'timeout' : code, took());
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', abort);
  }
}

function request(
  url: string,
  agent: http.Agent,
  signal: AbortSignal,
): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    http.get(url, { agent, signal }, resolve).on('error', reject);
  });
}
