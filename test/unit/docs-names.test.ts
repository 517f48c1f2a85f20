/** What can be found in the documents: every exported name, and every difference from asyncio. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  ASYNC_DIFFERENCES,
  DIFFERENCES,
  GENERATED_DIFFERENCES,
  NOT_IN_ASYNC_LANE,
  OTHER_RACES,
  RACES_DIFFERENCES,
} from '../asyncio/scenarios/differences.ts';
import { ROOT } from '../support/root.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Names that a contents page gives, those of the pages that it takes in included. */
function exportedBy(page: string): string[] {
  const text = read(page);
  const lists = [...text.matchAll(/export (?:type )?\{([^}]*)\}/g)].map((match) => match[1]!);
  const names = lists
    .flatMap((list) => list.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => name.split(' as ').at(-1)!);
  const others = [...text.matchAll(/export \* from '\.\/(.*?)'/g)].map((match) => match[1]!);
  return [...names, ...others.flatMap((other) => exportedBy(`lib/${other}`))];
}

const PAGES = ['lib/index.ts', 'lib/http.ts', 'lib/testing.ts', 'lib/node.ts'];

test.each(PAGES)('docs/names.md has every name that %s exports', (page) => {
  const names = exportedBy(page);
  expect(names.length).toBeGreaterThan(3);
  const text = read('docs/names.md');
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

test('docs/names.md has no name that nobody exports', () => {
  const known = new Set(PAGES.flatMap(exportedBy));
  const rows = read('docs/names.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const given = rows.flatMap((row) =>
    [...row.split('|')[1]!.matchAll(/`(\w+)`/g)].map((match) => match[1]!),
  );
  expect(given.length).toBeGreaterThan(100);
  expect(given.filter((name) => !known.has(name))).toEqual([]);
});

/** The beginning of a reason of `differences.ts`, and what the page for asyncio's users says. */
const TOLD: readonly (readonly [why: string, told: string])[] = [
  ['the reason of a cancel reaches everyone', 'The reason of a cancel is kept.'],
  ['a gather that is cancelled waits', 'A cancelled `gather` ends cancelled'],
  ['CPython says "not ready"', '`Result is not ready.`'],
  ['as CPython 3.14 does; 3.13 is silent', '`shield` reports a late error'],
  ['a done callback has no handle', 'An error in a done callback'],
  ['who is cancelled is not counted', 'Who is cancelled is not counted from that moment on'],
  ['in the async lane the body of a timeout', 'the body of a scope is a task of its own'],
  ['the end of an async function is known', 'the end of an `async` function is known'],
  ['an async function ends a microtask later', 'an eager task of one is never done'],
  ['between two turns the order', "the order of continuations is that of V8's microtasks"],
];

test('docs/coming-from-asyncio.md tells of every difference of the recorded scenarios', () => {
  const tables = [DIFFERENCES, RACES_DIFFERENCES, ASYNC_DIFFERENCES];
  const whys = new Set([
    ...tables.flatMap((table) => Object.values(table).map(({ why }) => why)),
    ...[OTHER_RACES, GENERATED_DIFFERENCES, NOT_IN_ASYNC_LANE].flatMap(Object.values<string>),
  ]);
  const page = read('docs/coming-from-asyncio.md').replace(/\s+/g, ' ');
  const untold = [...whys].filter(
    (why) => !TOLD.some(([start, told]) => why.startsWith(start) && page.includes(told)),
  );
  // A new reason needs a sentence on that page, and a row above.
  expect(untold).toEqual([]);
});
