// How the log of a scenario is held against the recorded one.
import type { Difference } from './differences.ts';
import type { Statement } from './scene-ops.ts';

/**
 * Sorted by time, and by who speaks: what each coroutine does and when, without the order in which
 * several of them take their turns at one moment.
 */
export function byWho(log: readonly string[]): string[] {
  const key = (line: string): [number, string] => {
    const [time, who] = line.split(' ', 2) as [string, string];
    return [Number(time), who];
  };
  return [...log].sort((a, b) => {
    const [timeA, whoA] = key(a);
    const [timeB, whoB] = key(b);
    if (timeA !== timeB) return timeA - timeB;
    return whoA === whoB ? 0 : whoA < whoB ? -1 : 1;
  });
}

/** The recorded log with the lines that Oxbow means to log in place of others. */
export function withDifference(log: readonly string[], difference?: Difference): string[] {
  let lines = [...log];
  for (const [recorded, ours] of difference?.lines ?? []) {
    if (recorded === '') {
      lines = insert(lines, ours);
      continue;
    }
    if (!lines.includes(recorded)) throw new Error(`the log has no line "${recorded}"`);
    lines = lines.flatMap((line) => (line !== recorded ? [line] : ours === '' ? [] : [ours]));
  }
  return lines;
}

/** Puts a line where its time belongs. */
function insert(lines: string[], line: string): string[] {
  const time = Number(line.split(' ', 1)[0]);
  const at = lines.findIndex((other) => Number(other.split(' ', 1)[0]) > time);
  return at < 0 ? [...lines, line] : lines.toSpliced(at, 0, line);
}

function some(program: Statement[], found: (statement: Statement) => boolean): boolean {
  return program.some((statement) => {
    const [, , body, ...clauses] = statement;
    return found(statement) || some(body, found) || some(clauses, found);
  });
}

const SCOPES = ['timeout', 'timeoutat', 'group', 'with', 'bwith'];

/**
 * Whether the async lane can do the same: it has no raw `yield`, and the body of a scope is a task
 * of its own there, so that `me` in it is another task.
 */
export function fitsAsyncLane(program: Statement[]): boolean {
  return !some(
    program,
    ([op, , body]) =>
      op === 'turn' ||
      op === 'bad' ||
      (SCOPES.includes(op) && some(body, ([, args]) => args.includes('me'))),
  );
}

/** Whether the generator lane can do the same: it does not iterate with `for await`. */
export function fitsGeneratorLane(program: Statement[]): boolean {
  return !some(program, ([op]) => op === 'anext');
}
