// Look-ups that need no query.
import { micro, type MicroImplementation } from '../micro.ts';
import type { BenchCase } from '../types.ts';

export const dns: BenchCase = {
  name: 'dns',
  rows: (settings) => {
    const options = { count: settings.smoke ? 1000 : 300_000 };
    const of = (impls: MicroImplementation[]) => micro(settings, 'dns', impls, options);
    return [
      {
        name: 'a numeric host',
        unit: 'ns/lookup',
        contenders: of([
          { name: 'oxbow', impl: 'oxbow-numeric' },
          { name: 'dns.lookup', impl: 'node-numeric' },
        ]),
        comparisons: [
          { ours: 'oxbow', theirs: 'dns.lookup' },
          { ours: 'oxbow', max: 1000 },
        ],
      },
      {
        name: 'a name that a DnsCache knows',
        unit: 'ns/lookup',
        contenders: of([{ name: 'oxbow', impl: 'oxbow-cached' }]),
        comparisons: [{ ours: 'oxbow', max: 2000 }],
      },
    ];
  },
};
