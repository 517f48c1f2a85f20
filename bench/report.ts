// Converts results to lines of the table: each comparison of a row, with its ratio and verdict.
import type { ContenderResult, RowResult } from './harness.ts';
import type { Comparison, Row } from './types.ts';

export type Verdict = 'met' | 'missed' | 'failed' | '';

export interface Line {
  case: string;
  row: string;
  unit: string;
  ours: string;
  theirs: string;
  oursResult?: ContenderResult;
  theirsResult?: ContenderResult;
  /** Ours / theirs: of the medians, and of the best trials. */
  ratio?: number;
  ratioOfBest?: number;
  max?: number;
  verdict: Verdict;
}

// The comparisons of the row, then the first contender with each one that occurs in none of them.
function comparisons(row: Row): Comparison[] {
  const named = new Set(row.comparisons.flatMap(({ ours, theirs }) => [ours, theirs]));
  const [first, ...others] = row.contenders;
  const unnamed = others.filter(({ name }) => !named.has(name));
  return [...row.comparisons, ...unnamed.map(({ name }) => ({ ours: first.name, theirs: name }))];
}

function verdict(value: number | undefined, max: number | undefined, judge: boolean): Verdict {
  if (!judge || value === undefined || max === undefined) return '';
  return value <= max ? 'met' : 'missed';
}

// Lateness can be negative, for which a ratio is meaningless.
function ratioOf(ours: number, theirs: number): number | undefined {
  return theirs > 0 ? ours / theirs : undefined;
}

function lineOf(result: RowResult, comparison: Comparison, judge: boolean): Line | undefined {
  const { ours, theirs, max } = comparison;
  const oursResult = result.results.get(ours);
  const theirsResult = theirs === undefined ? undefined : result.results.get(theirs);
  const failed = result.failed.has(ours) || (theirs !== undefined && result.failed.has(theirs));
  const absent = theirs !== undefined && theirsResult === undefined;
  if (!failed && (oursResult === undefined || absent)) return undefined; // sat this run out
  const both = oursResult !== undefined && theirsResult !== undefined;
  const ratio = both ? ratioOf(oursResult.median, theirsResult.median) : undefined;
  const ratioOfBest = both ? ratioOf(oursResult.best, theirsResult.best) : undefined;
  const judged = theirs === undefined ? oursResult?.median : ratio;
  return {
    case: result.case,
    row: result.row.name,
    unit: result.row.unit,
    ours,
    theirs: theirs ?? '',
    oursResult,
    theirsResult,
    ratio,
    ratioOfBest,
    max,
    verdict: failed ? 'failed' : verdict(judged, max, judge),
  };
}

/** The lines of a row. `judge` is off in a smoke run, whose numbers mean nothing. */
export function linesOf(result: RowResult, judge: boolean): Line[] {
  return comparisons(result.row)
    .map((comparison) => lineOf(result, comparison, judge))
    .filter((line) => line !== undefined);
}
