// The terms of the benchmarks: a *case* has *rows*; in a row several *contenders* do the same work,
// in turn, several times; a *comparison* compares one of ours with one of theirs.

/** The settings of a run. */
export interface Settings {
  /** Tiny sizes and one round: checks that everything runs, and measures nothing. */
  smoke: boolean;
  /** Whether other runtimes take part too. */
  peers: boolean;
  /** How often each contender runs; more takes longer and gives steadier results. */
  rounds: number;
  /** The Node binary, for ours and theirs. */
  node: string;
  /** Names of cases; empty means all. */
  cases: string[];
  /** The path of the JSON output. */
  out: string;
}

/** The number of one trial, in the unit of its row, and other values to keep in the JSON. */
export interface Sample {
  value: number;
  details?: Record<string, number>;
}

export interface Contender {
  name: string;
  /** Takes part only with `--peers`; its failure does not fail the run. */
  peer: boolean;
  /** A short reason why it cannot take part on this machine; undefined if it can. */
  missing(): string | undefined;
  trial(): Promise<Sample>;
}

export interface Comparison {
  ours: string;
  /** Left out if `max` limits our number itself and not a ratio. */
  theirs?: string;
  /** The target: ratio of the medians, or our median when there is no `theirs`. */
  max?: number;
}

export interface Row {
  name: string;
  unit: string;
  contenders: Contender[];
  /** Pairs to show. A contender in none of them is compared with the first one. */
  comparisons: Comparison[];
  /** The most rounds, for rows that are slow and steady. */
  roundsMax?: number;
}

export interface BenchCase {
  name: string;
  rows(settings: Settings): Row[];
}
