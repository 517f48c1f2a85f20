// A file that is sent to one client, which reads as fast as it can: the server's CPU for the whole
// file.
import { closeSync, ftruncateSync, mkdirSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { fileDrivers } from '../drivers.ts';
import { startLoad, withServer } from '../load.ts';
import { nativeDir } from '../paths.ts';
import { cpuNs } from '../proc.ts';
import type { Driver } from '../drivers.ts';
import type { BenchCase, Sample, Settings } from '../types.ts';

const MEBIBYTE = 1024 * 1024;

/** A file of this size that is in the system's page cache. */
function fileOf(bytes: number): string {
  mkdirSync(nativeDir, { recursive: true });
  const file = path.join(nativeDir, `zeros-${bytes}`);
  const descriptor = openSync(file, 'a+');
  ftruncateSync(descriptor, bytes);
  const piece = Buffer.alloc(MEBIBYTE);
  for (let at = 0; at < bytes; at += readSync(descriptor, piece, 0, piece.length, at));
  closeSync(descriptor);
  return file;
}

async function trial(driver: Driver, settings: Settings, bytes: number): Promise<Sample> {
  return withServer(driver, settings, [], async (server) => {
    // The first round, in which code is compiled, does not count.
    let used = 0;
    for (let round = 0; round < 2; round++) {
      const load = await startLoad('load_drain', server, {});
      const before = cpuNs(server.child.pid);
      load.send('go');
      const { check } = await load.answer();
      used = cpuNs(server.child.pid) - before;
      if (check !== bytes) throw new Error(`${check} of ${bytes} bytes came`);
    }
    return { value: used / 1e6 };
  });
}

export const sendfile: BenchCase = {
  name: 'sendfile',
  rows(settings) {
    const bytes = (settings.smoke ? 10 : 1024) * MEBIBYTE;
    const wanted = settings.cases.length === 0 || settings.cases.includes('sendfile');
    const file = wanted ? fileOf(bytes) : '';
    return [
      {
        name: settings.smoke ? '10 MB over TCP' : '1 GB over TCP',
        unit: 'ms',
        contenders: fileDrivers(file).map((driver) => ({
          name: driver.name,
          peer: driver.peer,
          missing: () => driver.missing(),
          trial: () => trial(driver, settings, bytes),
        })),
        comparisons: [
          { ours: 'oxbow', theirs: 'node:net' },
          { ours: 'oxbow', theirs: 'raw', max: 1.1 },
        ],
      },
    ];
  },
};
