// The table: one line per comparison, as wide as its contents.
import type { ContenderResult } from './harness.ts';
import type { Line } from './report.ts';

const headings = [
  'case',
  'unit',
  'ours',
  'best',
  'median',
  'theirs',
  'best',
  'median',
  'ratio',
  'target',
  '',
];
// Numbers are aligned to the right.
const rightAligned = new Set([3, 4, 6, 7, 8]);

/** Three significant digits, without an exponent. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toString();
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return value.toFixed(size >= 1 ? 2 : 3);
}

function numbers(result: ContenderResult | undefined): [string, string] {
  if (result === undefined) return ['-', '-'];
  return [formatNumber(result.best), formatNumber(result.median)];
}

function cells(line: Line, previous: Line | undefined): string[] {
  const sameRow = previous?.case === line.case && previous.row === line.row;
  const sameOurs = sameRow && previous.ours === line.ours;
  const ours = numbers(line.oursResult);
  const theirs = line.theirs === '' ? ['', ''] : numbers(line.theirsResult);
  return [
    sameRow ? '' : `${line.case}: ${line.row}`,
    sameRow ? '' : line.unit,
    sameOurs ? '' : line.ours,
    ...(sameOurs ? ['', ''] : ours),
    line.theirs,
    ...theirs,
    line.ratio === undefined ? '' : line.ratio.toFixed(2),
    line.max === undefined ? '' : `<= ${line.max}`,
    line.verdict,
  ];
}

export function formatTable(lines: Line[]): string {
  const rows = [headings, ...lines.map((line, i) => cells(line, lines[i - 1]))];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const rule = widths.map((width) => '-'.repeat(width));
  const text = [rows[0], rule, ...rows.slice(1)].map((row) =>
    row
      .map((cell, i) => (rightAligned.has(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd(),
  );
  return text.join('\n');
}
