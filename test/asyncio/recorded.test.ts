// The scenarios that record.py ran on CPython 3.13's asyncio, run on Oxbow: what is logged (order,
// results, errors, simulated time) must be the same, or be a difference that is meant.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../support/root.ts';
import { byWho, fitsAsyncLane, fitsGeneratorLane, withDifference } from './scenarios/compare.ts';
import {
  ASYNC_DIFFERENCES,
  DIFFERENCES,
  GENERATED_DIFFERENCES,
  NOT_IN_ASYNC_LANE,
  OTHER_RACES,
  RACES_DIFFERENCES,
} from './scenarios/differences.ts';
import { play } from './scenarios/scene.ts';
import type { Statement } from './scenarios/scene-ops.ts';

interface Recorded {
  program: Statement[];
  log: string[];
}

const files = new Map<string, [name: string, recorded: Recorded][]>();

function recorded(name: string): [name: string, recorded: Recorded][] {
  if (!files.has(name)) files.set(name, read(name));
  return files.get(name)!;
}

function read(name: string): [name: string, recorded: Recorded][] {
  const path = join(ROOT, 'test/asyncio/recorded', `${name}.json`);
  return Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, Recorded>);
}

const WRITTEN = [
  'futures',
  'tasks',
  'cancel',
  'waiting',
  'timeouts',
  'loop',
  'runner',
  'groups',
  'many',
  'locks',
  'barriers',
  'queues',
  'eager',
  'contexts',
  'handlers',
];

describe.each(WRITTEN)('%s as asyncio', (file) => {
  for (const [name, { program, log }] of recorded(file)) {
    const expected = withDifference(log, DIFFERENCES[name]);
    if (fitsGeneratorLane(program)) {
      test(name, async () => {
        expect(await play(program, 'generator')).toEqual(expected);
      });
    }
    if (!fitsAsyncLane(program) || name in NOT_IN_ASYNC_LANE) continue;
    // Microtasks may change who of several goes first at one moment, and nothing else.
    const isAsync = withDifference(expected, ASYNC_DIFFERENCES[name]);
    test(`${name}, async`, async () => {
      expect(byWho(await play(program, 'async'))).toEqual(byWho(isAsync));
    });
  }
});

describe('races as asyncio, turn by turn', () => {
  const all = recorded('races').filter(([name]) => !(name in OTHER_RACES));
  for (const race of new Set(all.map(([name]) => name.split(',', 1)[0]!))) {
    test(race, async () => {
      for (const [name, { program, log }] of all) {
        if (!name.startsWith(`${race},`)) continue;
        const told = await play(program, 'generator');
        const expected = withDifference(log, RACES_DIFFERENCES[name]);
        expect({ name, log: told }).toEqual({ name, log: expected });
      }
    });
  }
});

/** How a race has ended: what is told after it, but for cancels that come then. */
function ending(log: readonly string[]): string {
  return log
    .filter((line) => Number(line.split(' ', 1)[0]) >= 2 && !line.includes(': cancel '))
    .join('\n');
}

describe('in the async lane a race ends in one of the ways in which asyncio ends it', () => {
  // Continuations follow the microtasks, so that it may be the way of a turn before or after.
  const ways = new Map<string, Set<string>>();
  for (const [name, { log }] of recorded('races')) {
    const race = name.split(',', 1)[0]!;
    if (!ways.has(race)) ways.set(race, new Set());
    ways.get(race)!.add(ending(withDifference(log, RACES_DIFFERENCES[name])));
  }
  for (const [race, endings] of ways) {
    test(race, async () => {
      for (const [name, { program }] of recorded('races')) {
        if (!name.startsWith(`${race},`) || !fitsAsyncLane(program)) continue;
        if (name in NOT_IN_ASYNC_LANE) continue;
        expect({ name, ends: [...endings] }).toEqual({
          name,
          ends: expect.arrayContaining([ending(await play(program, 'async'))]),
        });
      }
    });
  }
});

describe.each(['generated', 'generated-sync'])('%s scenarios as asyncio', (file) => {
  const all = recorded(file).filter(([name]) => !(name in GENERATED_DIFFERENCES));
  // Many in one test: what a test costs by itself would be most of the time.
  for (let from = 0; from < all.length; from += 20) {
    const group = all.slice(from, from + 20);
    test(`${group[0]![0]} to ${group.at(-1)![0]}`, async () => {
      for (const [name, { program, log }] of group) {
        const told = byWho(await play(program, 'generator'));
        expect({ name, log: told }).toEqual({ name, log: byWho(log) });
        if (!fitsAsyncLane(program) || name in NOT_IN_ASYNC_LANE) continue;
        const isAsync = byWho(await play(program, 'async'));
        expect({ name, async: isAsync }).toEqual({ name, async: byWho(log) });
      }
    });
  }
});

test('every difference that is meant belongs to a scenario', () => {
  const names = [...WRITTEN, 'races', 'generated', 'generated-sync'].flatMap((file) =>
    recorded(file).map(([name]) => name),
  );
  const meant = [
    DIFFERENCES,
    ASYNC_DIFFERENCES,
    NOT_IN_ASYNC_LANE,
    RACES_DIFFERENCES,
    OTHER_RACES,
    GENERATED_DIFFERENCES,
  ].flatMap((each) => Object.keys(each));
  expect(meant.filter((name) => !names.includes(name))).toEqual([]);
});
