/** Suggestions for misspelt names. */

/**
 * The nearest of `names` if it is near enough to be a typo, else null: one letter in three may be
 * wrong. Case is ignored.
 */
export function nearest(word: string, names: readonly string[]): string | null {
  const asked = word.toLowerCase();
  let best: string | null = null;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const name of names) {
    const known = name.toLowerCase();
    const steps = known.startsWith(asked) ? 0 : distance(asked, known);
    if (steps < least) {
      least = steps;
      best = name;
    }
  }
  return best;
}

/** How many letters must be added, removed or changed; a swap of two neighbours counts as one. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let steps = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        steps = Math.min(steps, before[j - 2]! + 1);
      }
      next.push(steps);
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
