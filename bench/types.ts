// The words of the benchmarks: a *case* has *rows*; in a row several *contenders* do the same work,
// in turn, several times; a *comparison* sets one of ours against one of theirs.

/** What `run.ts` was asked to do. */
export interface Settings {
  /** Tiny sizes and one round: shows that everything runs, measures nothing. */
  smoke: boolean;
  /** Other runtimes take part too. */
  peers: boolean;
  /** How often each contender runs; more is slower and steadier. */
  rounds: number;
  /** The Node binary for ours and theirs alike. */
  node: string;
  /** Names of cases; empty means all. */
  cases: string[];
  /** Where the JSON goes. */
  out: string;
}

/** One trial's number, in the unit of its row, and what else is worth keeping in the JSON. */
export interface Sample {
  value: number;
  details?: Record<string, number>;
}

export interface Contender {
  name: string;
  /** Takes part only with `--peers`; its failure does not fail the run. */
  peer: boolean;
  /** Why it cannot take part on this machine, in a few words; undefined when it can. */
  missing(): string | undefined;
  trial(): Promise<Sample>;
}

export interface Comparison {
  ours: string;
  /** Left out when `max` bounds our number itself and not a ratio. */
  theirs?: string;
  /** The target: ratio of the medians, or our median when there is no `theirs`. */
  max?: number;
}

export interface Row {
  name: string;
  unit: string;
  contenders: Contender[];
  /** Pairs to show. A contender that stands in none is shown against the first one. */
  comparisons: Comparison[];
  /** For rows that are slow and steady: at most so many rounds. */
  roundsMax?: number;
}

export interface BenchCase {
  name: string;
  rows(settings: Settings): Row[];
}
