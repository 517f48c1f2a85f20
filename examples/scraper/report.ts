import type { Crawl } from './crawl.ts';
import type { Measured } from './measure.ts';

/** What a crawl found. `took` is null when it was stopped before its end. */
export function summary(crawl: Crawl, took: Measured | null): string {
  const lines = [
    took === null ? '\nStopped. So far:' : '',
    `pages    ${crawl.pages} read, ${crawl.failed} failed, ${crawl.found} found`,
    `bytes    ${(crawl.bytes / 1e6).toFixed(2)} MB`,
  ];
  if (took !== null) {
    const rate = Math.round(crawl.visits.length / took.wall);
    lines.push(`time     ${took.wall.toFixed(2)} s, ${rate} pages a second`);
  }
  for (const [kind, count] of [...crawl.errors].sort((a, b) => b[1] - a[1])) {
    lines.push(`error    ${kind}: ${count}`);
  }
  for (const { url, seconds, error } of crawl.slowest(5)) {
    lines.push(`slowest  ${seconds.toFixed(3)} s  ${url}${error === null ? '' : `  (${error})`}`);
  }
  return lines.join('\n');
}

type Row = [name: string, crawl: Crawl, took: Measured];

/** The crawls side by side. */
export function comparison(rows: Row[]): string {
  const lines = [
    `\n${'same crawl with'.padEnd(18)}${'pages'.padStart(8)}${'time'.padStart(10)}` +
      `${'CPU'.padStart(10)}${'CPU a page'.padStart(14)}`,
  ];
  for (const [name, crawl, { wall, cpu }] of rows) {
    const each = `${((cpu / crawl.visits.length) * 1e6).toFixed(0)} us`;
    lines.push(
      name.padEnd(18) +
        String(crawl.visits.length).padStart(8) +
        `${wall.toFixed(2)} s`.padStart(10) +
        `${cpu.toFixed(2)} s`.padStart(10) +
        each.padStart(14),
    );
  }
  return lines.join('\n');
}
