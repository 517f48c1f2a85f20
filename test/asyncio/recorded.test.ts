// The scenarios that record.py ran on CPython 3.13's asyncio, run on Oxbow: what is logged (order,
// results, errors, simulated time) must be the same, or be a difference that is meant.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../support/root.ts';
import { byWho, fitsAsyncLane, withDifference } from './scenarios/compare.ts';
import {
  ASYNC_DIFFERENCES, DIFFERENCES, GENERATED_DIFFERENCES,
} from './scenarios/differences.ts';
import { play } from './scenarios/scene.ts';
import type { Statement } from './scenarios/scene-ops.ts';

interface Recorded {
  program: Statement[];
  log: string[];
}

function recorded(name: string): [name: string, recorded: Recorded][] {
  const path = join(ROOT, 'test/asyncio/recorded', `${name}.json`);
  return Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, Recorded>);
}

const WRITTEN = ['futures', 'tasks', 'cancel', 'waiting', 'timeouts', 'loop', 'runner'];

describe.each(WRITTEN)('%s as asyncio', (file) => {
  for (const [name, { program, log }] of recorded(file)) {
    const expected = withDifference(log, DIFFERENCES[name]);
    test(name, async () => {
      expect(await play(program, 'generator')).toEqual(expected);
    });
    if (!fitsAsyncLane(program)) continue;
    // Microtasks may change who of several goes first at one moment, and nothing else.
    const inLane = withDifference(expected, ASYNC_DIFFERENCES[name]);
    test(`${name}, async`, async () => {
      expect(byWho(await play(program, 'async'))).toEqual(byWho(inLane));
    });
  }
});

describe('generated scenarios as asyncio', () => {
  const all = recorded('generated').filter(([name]) => !(name in GENERATED_DIFFERENCES));
  // Many in one test: what a test costs by itself would be most of the time.
  for (let from = 0; from < all.length; from += 20) {
    const group = all.slice(from, from + 20);
    test(`${group[0]![0]} to ${group.at(-1)![0]}`, async () => {
      for (const [name, { program, log }] of group) {
        const told = byWho(await play(program, 'generator'));
        expect({ name, log: told }).toEqual({ name, log: byWho(log) });
        if (!fitsAsyncLane(program)) continue;
        const inLane = byWho(await play(program, 'async'));
        expect({ name, async: inLane }).toEqual({ name, async: byWho(log) });
      }
    });
  }
});

test('every difference that is meant belongs to a scenario', () => {
  const names = [...WRITTEN, 'generated'].flatMap((file) => recorded(file).map(([name]) => name));
  const meant = [DIFFERENCES, ASYNC_DIFFERENCES, GENERATED_DIFFERENCES].flatMap(Object.keys);
  expect(meant.filter((name) => !names.includes(name))).toEqual([]);
});
