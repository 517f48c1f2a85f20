// The command line of `npm run bench`.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { outputDir } from './paths.ts';
import type { Settings } from './types.ts';

export const usage = `npm run bench -- [options]

  --case NAME[,NAME]  only these cases
  --rounds N          trials of each contender, 1 to 100 (default 6)
  --peers             bun, deno, uWebSockets.js, uvloop, nginx, … take part
  --smoke             tiny sizes, one round: does everything run? (judges no target)
  --node PATH         the Node binary for ours and theirs (default: this one)
  --out FILE          the JSON (default build/bench/results.json)
  --list              print the names of the cases
  --help`;

/** An error in the command line, which is shown without a stack. */
export class UsageError extends Error {}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        case: { type: 'string', multiple: true, default: [] },
        rounds: { type: 'string' },
        peers: { type: 'boolean', default: false },
        smoke: { type: 'boolean', default: false },
        node: { type: 'string', default: process.execPath },
        out: { type: 'string', default: path.join(outputDir, 'results.json') },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function wholeNumber(text: string, low: number, high: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new UsageError(`--rounds must be a whole number from ${low} to ${high}, got ${text}`);
}

/** The settings, or what to print instead. */
export function parseOptions(args: string[], known: string[]): Settings | 'help' | 'list' {
  const values = parse(args);
  if (values.help) return 'help';
  if (values.list) return 'list';
  const cases = values.case.flatMap((names) => names.split(','));
  for (const name of cases) {
    if (!known.includes(name)) {
      throw new UsageError(`no case is called "${name}"; there are ${known.join(', ')}`);
    }
  }
  const usualRounds = values.smoke ? 1 : 6;
  return {
    smoke: values.smoke,
    peers: values.peers,
    rounds: values.rounds === undefined ? usualRounds : wholeNumber(values.rounds, 1, 100),
    node: values.node,
    cases,
    out: path.resolve(values.out),
  };
}
