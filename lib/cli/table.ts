/** Tables that fit into a terminal's width. */
import { columns, cutLeft, cutRight, pad } from './text.ts';
import type { Style } from './text.ts';

export interface Column {
  readonly title: string;
  /** The minimum width; it is made narrower only if nothing else helps. */
  readonly least: number;
  /** Whether it is aligned to the right, as for numbers. */
  readonly right?: boolean | undefined;
  /** Whether text that does not fit is cut at its beginning. */
  readonly keepEnd?: boolean | undefined;
}

const GAP = 2;

/** The lines of a table; none is wider than `width`, and none has spaces at its end. */
export function table(
  layout: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
  style: Style,
): string[] {
  const widths = fit(layout, rows, width);
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => {
        const { keepEnd, right } = layout[at]!;
        const cut = keepEnd === true ? cutLeft : cutRight;
        return pad(cut(cell, widths[at]!, style), widths[at]!, right);
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  return [line(layout.map(({ title }) => title)), ...rows.map(line)];
}

/**
 * The widths of the columns: those of the cells, or less if they do not fit; the columns with the
 * most spare width are narrowed first.
 */
function fit(
  layout: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): number[] {
  const widths = layout.map(({ title }, at) =>
    rows.reduce((most, row) => Math.max(most, columns(row[at]!)), columns(title)),
  );
  let excess = widths.reduce((sum, each) => sum + each + GAP, -GAP) - width;
  for (const least of [(at: number) => layout[at]!.least, () => 1]) {
    while (excess > 0) {
      const spare = widths.map((each, at) => each - least(at));
      const at = spare.indexOf(Math.max(...spare));
      if (spare[at]! <= 0) break;
      widths[at]!--;
      excess--;
    }
  }
  return widths;
}
