// dns --impl oxbow-numeric|oxbow-cached|node-numeric --count N: look-ups of a host that need no
// query: a numeric one, and one that is in a DnsCache.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { countArgument, cpuNs, implementation, report } from './measure.ts';

const count = countArgument('count');
const NAME = 'cached.test';

async function onOxbow(host: string): Promise<void> {
  const { DnsCache, getRunningLoop, run } = await import('oxbow');
  const folder = mkdtempSync(join(tmpdir(), 'oxbow-bench-'));
  const hostsFile = join(folder, 'hosts');
  writeFileSync(hostsFile, `10.0.0.1 ${NAME}\n`);
  try {
    await run(function* () {
      const loop = getRunningLoop();
      loop.setResolver(new DnsCache({ hostsFile, minTtl: '1h', maxTtl: '1h' }));
      for (const lookups of [count / 10, count]) {
        let done = 0;
        const before = cpuNs();
        for (let n = 0; n < lookups; n++) done += (yield* loop.getaddrinfo(host, 80)).length;
        if (lookups === count) report((cpuNs() - before) / count, { done, expected: count });
      }
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function onNode(): Promise<void> {
  const { lookup } = await import('node:dns/promises');
  for (const lookups of [count / 10, count]) {
    let done = 0;
    const before = cpuNs();
    for (let n = 0; n < lookups; n++) done += (await lookup('127.0.0.1', { all: true })).length;
    if (lookups === count) report((cpuNs() - before) / count, { done, expected: count });
  }
}

await implementation({
  'oxbow-numeric': () => onOxbow('127.0.0.1'),
  'oxbow-cached': () => onOxbow(NAME),
  'node-numeric': onNode,
})();
