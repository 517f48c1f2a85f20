// A concurrent scraper: crawls a site over Oxbow's own TCP and HTTP, then the same site with
// Node's http, and prints what both took.
//
//   npm start                        an embedded site of 3000 pages
//   npm start -- http://host/…       that site, and nothing but that site
import { KeyboardInterrupt, promise, run } from 'oxbow';
import type { Coro } from 'oxbow';
import { parseArguments, USAGE } from './scraper/arguments.ts';
import type { Arguments } from './scraper/arguments.ts';
import { crawlWithNode } from './scraper/crawl-node.ts';
import { crawlWithOxbow } from './scraper/crawl-oxbow.ts';
import { Crawl } from './scraper/crawl.ts';
import { measured } from './scraper/measure.ts';
import type { Measured } from './scraper/measure.ts';
import { startProgress } from './scraper/progress.ts';
import { comparison, summary } from './scraper/report.ts';
import { serveWithNode, serveWithOxbow } from './scraper/serve.ts';

function* main(options: Arguments): Coro<void> {
  const embedded = options.urls.length === 0;
  const server = embedded ? yield* serveWithOxbow() : null;
  const urls = server === null ? options.urls : [server.url];
  console.log(`Crawling ${urls.join(' ')} with Oxbow, ${options.concurrency} at a time`);
  const crawl = new Crawl(urls, options.limit);
  const progress = startProgress(crawl);
  let ours: Measured | null = null;
  try {
    ours = yield* measured(crawlWithOxbow(crawl, options));
  } finally {
    progress.stop();
    console.log(summary(crawl, ours));
    server?.close();
  }
  if (embedded) yield* compare(crawl, ours, options);
}

/** The same crawl of the same site, client and server on Node's http. */
function* compare(ours: Crawl, oursTook: Measured, options: Arguments): Coro<void> {
  const server = yield* promise(serveWithNode());
  const theirs = new Crawl([server.url], options.limit);
  console.log("\nThe same with Node's http");
  const progress = startProgress(theirs);
  const stop = new AbortController();
  try {
    const took = yield* measured(promise(crawlWithNode(theirs, options, stop.signal)));
    progress.stop();
    console.log(
      comparison([
        ['Oxbow', ours, oursTook],
        ["Node's http", theirs, took],
      ]),
    );
  } finally {
    progress.stop();
    stop.abort();
    server.close();
  }
}

const options = parseArguments(process.argv.slice(2));
if (typeof options === 'string') {
  console.error(`${options}\n\n${USAGE}`);
  process.exitCode = 2;
} else if (options.help) {
  console.log(USAGE);
} else {
  try {
    await run(main(options));
  } catch (error) {
    if (!(error instanceof KeyboardInterrupt)) throw error;
    process.exitCode = 130;
  }
}
