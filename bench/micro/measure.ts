// Shared by the programs of bench/micro: arguments, clock and output.

const names = process.argv.slice(2).filter((_, i) => i % 2 === 0);
const values = process.argv.slice(2).filter((_, i) => i % 2 === 1);

/** The value of `--name`. */
export function textArgument(name: string, otherwise?: string): string {
  const value = values[names.indexOf(`--${name}`)] ?? otherwise;
  if (value === undefined) throw new Error(`--${name} is required`);
  return value;
}

/** The value of `--name`, a non-negative integer. */
export function countArgument(name: string, otherwise?: number): number {
  const value = Number(textArgument(name, otherwise?.toString()));
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} must be a whole number`);
  return value;
}

/** The entry of a table that `--impl` names. */
export function implementation<T>(table: Record<string, T>): T {
  const name = textArgument('impl');
  if (Object.hasOwn(table, name)) return table[name];
  throw new Error(`--impl must be one of ${Object.keys(table).join(', ')}, got ${name}`);
}

/** CPU time of this process, all threads, user and system, in nanoseconds. */
export function cpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/**
 * Prints the result. `done` is the count kept by the work itself: if it is not what was requested,
 * the figure would be wrong, so this throws.
 */
export function report(
  value: number,
  work: { done: number; expected: number },
  details: Record<string, number> = {},
): void {
  const { done, expected } = work;
  if (done !== expected) throw new Error(`did ${done} of ${expected}`);
  process.stdout.write(`${JSON.stringify({ value, check: done, ...details })}\n`);
}
