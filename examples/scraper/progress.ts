import { SingleBar } from 'cli-progress';

import type { Crawl } from './crawl.ts';

/** Pages between two lines where there is no terminal. */
const EVERY = 500;

/** Shows how a crawl gets on: a bar on a terminal, else a line now and then. */
export function startProgress(crawl: Crawl): { stop(): void } {
  return process.stdout.isTTY ? startBar(crawl) : startLines(crawl);
}

function startBar(crawl: Crawl): { stop(): void } {
  const bar = new SingleBar({
    stream: process.stdout,
    format: '{bar} {value}/{total} pages | {megabytes} MB | {failed} failed | {duration} s',
    barsize: 30,
    fps: 20,
    hideCursor: true,
  });
  const payload = (): object => ({
    megabytes: (crawl.bytes / 1e6).toFixed(1),
    failed: crawl.failed,
  });
  bar.start(crawl.found, 0, payload());
  crawl.onVisit = () => {
    bar.setTotal(crawl.found);
    bar.update(crawl.visits.length, payload());
  };
  return {
    stop() {
      crawl.onVisit = null;
      bar.stop();
    },
  };
}

function startLines(crawl: Crawl): { stop(): void } {
  crawl.onVisit = () => {
    const done = crawl.visits.length;
    if (done % EVERY !== 0) return;
    const megabytes = (crawl.bytes / 1e6).toFixed(1);
    console.log(`  ${done} of ${crawl.found} pages, ${megabytes} MB, ${crawl.failed} failed`);
  };
  return { stop: () => void (crawl.onVisit = null) };
}
