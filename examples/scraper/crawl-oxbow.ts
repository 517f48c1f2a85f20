// The crawl on Oxbow, in the generator lane: one task a page, so many at once.
import { createTask, gather, getRunningLoop } from 'oxbow';
import type { Coro, Future, Task } from 'oxbow';
import {
  ClientConnectionError,
  ClientError,
  ClientSession,
  ServerTimeoutError,
  TooManyRedirectsError,
} from 'oxbow/http';
import type { Crawl } from './crawl.ts';

export function* crawlWithOxbow(
  crawl: Crawl,
  { concurrency, timeout }: { concurrency: number; timeout: number },
): Coro<void> {
  const loop = getRunningLoop();
  const session = new ClientSession({ limit: concurrency, timeout });
  const running = new Set<Task<void>>();
  let oneDone: Future<void>;
  try {
    do {
      oneDone = loop.createFuture<void>();
      for (let url; running.size < concurrency && (url = crawl.take()) !== undefined;) {
        const task = createTask(visit(crawl, session, url));
        running.add(task);
        task.addDoneCallback(() => {
          running.delete(task);
          if (!oneDone.done()) oneDone.setResult(undefined);
        });
      }
      if (running.size !== 0) yield* oneDone;
    } while (running.size !== 0 || crawl.visits.length < crawl.found);
  } finally {
    for (const task of running) task.cancel();
    yield* gather(running, { returnExceptions: true });
    yield* session.close();
  }
}

function* visit(crawl: Crawl, session: ClientSession, url: string): Coro<void> {
  const loop = getRunningLoop();
  const start = loop.time();
  try {
    const response = yield* session.get(url);
    const html = yield* response.text();
    const seconds = loop.time() - start;
    if (response.ok) crawl.succeeded(url, response.url, html, seconds);
    else crawl.fail(url, `HTTP ${response.status}`, seconds);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    crawl.fail(url, kindOf(error), loop.time() - start);
  }
}

function kindOf(error: ClientError): string {
  if (error instanceof ServerTimeoutError) return 'timeout';
  if (error instanceof TooManyRedirectsError) return 'too many redirects';
  return error instanceof ClientConnectionError ? (error.code ?? 'disconnected') : error.name;
}
