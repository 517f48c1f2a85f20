// The cost of serving files from a folder: a small one, and a large one, which goes by sendfile.
import { httpFileDrivers } from '../drivers.ts';
import { writeFiles } from '../files.ts';
import { underLoad } from '../load.ts';
import type { BenchCase, Comparison, Row, Settings } from '../types.ts';

function row(
  settings: Settings,
  name: string,
  bytes: number,
  connections: number,
  comparisons: Comparison[],
): Row {
  const shape = { connections, target: `/${bytes}`, 'answer-bytes': bytes };
  return {
    name,
    unit: 'us/request',
    contenders: underLoad(httpFileDrivers, settings, 'load_http', shape, bytes),
    comparisons,
  };
}

export const httpFiles: BenchCase = {
  name: 'http-files',
  rows: (settings) => {
    writeFiles();
    return [
      row(settings, '4 KiB, 64 connections', 4096, 64, [
        { ours: 'oxbow', theirs: 'bun', max: 0.8 },
        { ours: 'oxbow', theirs: 'nginx' },
      ]),
      row(settings, '1 MiB, 8 connections', 1024 * 1024, 8, [
        { ours: 'oxbow', theirs: 'bun' },
        { ours: 'oxbow', theirs: 'nginx', max: 1.2 },
      ]),
    ];
  },
};
