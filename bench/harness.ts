// Runs the contenders of a row in turn, A B C A B C …, so that other activity of the machine
// affects all of them, and keeps best and median.
import type { Contender, Row, Sample, Settings } from './types.ts';

export interface ContenderResult {
  name: string;
  best: number;
  median: number;
  values: number[];
  details: Record<string, number>[];
}

export interface RowResult {
  case: string;
  row: Row;
  results: Map<string, ContenderResult>;
  /** Contender -> why it did not take part. */
  skipped: Map<string, string>;
  /** Contender -> its error. */
  failed: Map<string, string>;
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function summarize(name: string, samples: Sample[]): ContenderResult {
  const values = samples.map((sample) => sample.value);
  return {
    name,
    best: Math.min(...values),
    median: median(values),
    values,
    details: samples.map((sample) => sample.details ?? {}),
  };
}

function takingPart(row: Row, settings: Settings, skipped: Map<string, string>): Contender[] {
  return row.contenders.filter((contender) => {
    if (contender.peer && !settings.peers) return false;
    const missing = contender.missing();
    if (missing !== undefined) skipped.set(contender.name, missing);
    return missing === undefined;
  });
}

export async function runRow(
  caseName: string,
  row: Row,
  settings: Settings,
  progress: (text: string) => void,
): Promise<RowResult> {
  const skipped = new Map<string, string>();
  const failed = new Map<string, string>();
  const contenders = takingPart(row, settings, skipped);
  const samples = new Map(contenders.map(({ name }) => [name, [] as Sample[]]));
  const rounds = Math.min(settings.rounds, row.roundsMax ?? settings.rounds);
  for (let round = 1; round <= rounds; round++) {
    for (const contender of contenders) {
      // A contender is out after one failure: its successful trials alone would flatter it.
      if (failed.has(contender.name)) continue;
      progress(`${caseName}, ${row.name}: round ${round} of ${rounds}, ${contender.name}`);
      try {
        samples.get(contender.name)!.push(await contender.trial());
      } catch (error) {
        failed.set(contender.name, (error as Error).message);
      }
    }
  }
  const results = new Map<string, ContenderResult>();
  for (const [name, own] of samples) {
    if (!failed.has(name)) results.set(name, summarize(name, own));
  }
  return { case: caseName, row, results, skipped, failed };
}
