// `npm run bench`: runs the cases, prints a table, and writes JSON. README.md explains the method.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { cases } from './cases/index.ts';
import { unpin } from './child.ts';
import { runRow } from './harness.ts';
import type { RowResult } from './harness.ts';
import { describeMachine, formatMachine } from './machine.ts';
import type { Machine } from './machine.ts';
import { buildNative } from './native.ts';
import { parseOptions, usage, UsageError } from './options.ts';
import { linesOf } from './report.ts';
import type { Line } from './report.ts';
import { formatTable } from './table.ts';
import type { BenchCase, Settings } from './types.ts';

function showProgress(text: string): void {
  // Progress: on a terminal one line that is overwritten; in a log nothing.
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

/**
 * Rows are measured one after the other; a smoke run, which measures nothing, runs several at once.
 */
const rowsAtOnce = ({ smoke }: Settings): number => (smoke ? availableParallelism() + 1 : 1);

async function runCases(settings: Settings): Promise<RowResult[]> {
  const wanted = ({ name }: BenchCase): boolean =>
    settings.cases.length === 0 || settings.cases.includes(name);
  const rows = cases
    .filter(wanted)
    .flatMap((item) => item.rows(settings).map((row) => ({ caseName: item.name, row })));
  const results = new Array<RowResult>(rows.length);
  const waiting = rows.entries();
  const work = async (): Promise<void> => {
    for (const [place, { caseName, row }] of waiting) {
      results[place] = await runRow(caseName, row, settings, showProgress);
    }
  };
  await Promise.all(Array.from({ length: rowsAtOnce(settings) }, work));
  showProgress('');
  return results;
}

function writeJson(settings: Settings, machine: Machine, lines: Line[], failures: Failure[]): void {
  const file = settings.out;
  mkdirSync(path.dirname(file), { recursive: true });
  const { smoke, peers, rounds } = settings;
  const content = { machine, smoke, peers, rounds, comparisons: lines, failures };
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}

interface Failure {
  case: string;
  row: string;
  contender: string;
  why: string;
  /**
   * Whether it is a peer, whose failure is tolerated. A failure of ours or of Node's own means that
   * the benchmark is broken.
   */
  peer: boolean;
}

function failuresOf(results: RowResult[]): Failure[] {
  return results.flatMap(({ case: caseName, row, failed }) =>
    row.contenders
      .filter(({ name }) => failed.has(name))
      .map(({ name, peer }) => {
        return { case: caseName, row: row.name, contender: name, why: failed.get(name)!, peer };
      }),
  );
}

// The full text, often a stack, is in the JSON; here the line that names the error is enough.
function shortReason(why: string): string {
  const lines = why.split('\n');
  return lines.find((line) => /^(Uncaught )?\w*Error\b/.test(line)) ?? lines.at(-1)!;
}

function printNotes(results: RowResult[], failures: Failure[]): void {
  const skipped = new Map(results.flatMap((result) => [...result.skipped]));
  for (const [name, why] of skipped) console.log(`skipped: ${name}: ${why}`);
  for (const { case: caseName, row, contender, why } of failures) {
    console.log(`failed: ${caseName}: ${row}: ${contender}: ${shortReason(why)}`);
  }
}

async function main(): Promise<void> {
  const settings = parseOptions(
    process.argv.slice(2),
    cases.map(({ name }) => name),
  );
  if (settings === 'help') return console.log(usage);
  if (settings === 'list') return console.log(cases.map(({ name }) => name).join('\n'));
  if (process.platform !== 'linux') {
    throw new UsageError(`the benchmarks read /proc and need Linux; this is ${process.platform}`);
  }
  if (settings.smoke) unpin();
  const machine = describeMachine(settings.node);
  buildNative();
  console.log(formatMachine(machine));
  if (settings.smoke) console.log('smoke: sizes too small to mean anything; no target is judged');
  console.log('');
  const results = await runCases(settings);
  const lines = results.flatMap((result) => linesOf(result, !settings.smoke));
  console.log(formatTable(lines));
  const failures = failuresOf(results);
  printNotes(results, failures);
  writeJson(settings, machine, lines, failures);
  console.log(`\nwritten: ${path.relative(process.cwd(), settings.out)}`);
  if (failures.some(({ peer }) => !peer)) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message}\n\n${usage}` : error);
  process.exitCode = isUsage ? 2 : 1;
}
