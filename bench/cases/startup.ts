// From the start of the process to the first turn of the loop, and its exit.
import { spawnSync } from 'node:child_process';

import { untilFirstRequest } from '../first-request.ts';
import { micro } from '../micro.ts';
import type { BenchCase, Settings } from '../types.ts';

/** The target in milliseconds above bare Node. Node 20 takes longer to compile what it loads. */
function firstRequestMax({ node }: Settings): number {
  return spawnSync(node, ['--version']).stdout.toString().startsWith('v20.') ? 40 : 15;
}

export const startup: BenchCase = {
  name: 'startup',
  rows: (settings) => [
    {
      name: 'CPU of a process until its first turn',
      unit: 'ms',
      contenders: micro(
        settings,
        'startup',
        [
          { name: 'oxbow', impl: 'oxbow' },
          { name: 'node:net', impl: 'node' },
        ],
        {},
      ),
      comparisons: [{ ours: 'oxbow', theirs: 'node:net' }],
    },
    {
      name: 'first HTTP request served, CPU above bare Node',
      unit: 'ms',
      contenders: untilFirstRequest(settings, [
        { name: 'oxbow', impl: 'oxbow' },
        { name: 'node:http', impl: 'node' },
      ]),
      comparisons: [
        { ours: 'oxbow', theirs: 'node:http' },
        { ours: 'oxbow', max: firstRequestMax(settings) },
      ],
    },
  ],
};
