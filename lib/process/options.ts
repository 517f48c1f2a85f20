/** The options for starting a program, and their conversion to the request for C++. */
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe } from '../core/support/describe.ts';
import { checkFlags, checkOptions } from '../core/support/options.ts';
import type { SpawnRequest } from '../native/binding.ts';
import { STDIO_NULL, STDIO_OUTPUT, STDIO_PIPE } from '../native/layout.ts';

/** A descriptor of this process for the program: its number, or an open file. */
export type GivenDescriptor = number | { readonly fd: number };

/** What the program gets as stdin, stdout or stderr. */
export type Stdio = 'inherit' | 'pipe' | 'null' | GivenDescriptor;

/** Options for starting a program. */
export interface SpawnOptions {
  /**
   * `'inherit'` (the default): this process's own; `'pipe'`: a pipe to this process; `'null'`:
   * `/dev/null`; or a descriptor.
   */
  stdin?: Stdio;
  /** As `stdin`. */
  stdout?: Stdio;
  /** As `stdin`; or `'stdout'`: the same descriptor as its stdout. */
  stderr?: Stdio | 'stdout';
  /** Its working directory; by default that of this process. */
  cwd?: string | URL;
  /**
   * Its complete environment; by default that of this process. The program is searched for in its
   * PATH. Undefined values are left out.
   */
  env?: Readonly<Record<string, string | number | undefined>>;
  /**
   * The numeric user id it runs as, without supplementary groups; by default that of this process.
   */
  uid?: number;
  /** The numeric group id it runs as; by default that of this process. */
  gid?: number;
  /** Its umask: the permission bits that new files do not get; by default that of this process. */
  umask?: number;
  /**
   * Descriptors, 3 or greater, that it gets under the same numbers. All others are closed in the
   * child, whoever opened them.
   */
  passFds?: readonly number[];
  /**
   * Whether it starts a new session (`setsid`) and may outlive the loop, which kills its other
   * children when it is closed; false by default.
   */
  detached?: boolean;
  /**
   * The process group it joins; 0: a new group with its pid as the number. By default that of this
   * process.
   */
  processGroup?: number;
}

/** The option names of {@link SpawnOptions}. */
export const SPAWN_OPTIONS: readonly string[] = [
  'stdin',
  'stdout',
  'stderr',
  'cwd',
  'env',
  'uid',
  'gid',
  'umask',
  'passFds',
  'detached',
  'processGroup',
];

/** The search path when the environment has no PATH. */
const USUAL_PATH = '/bin:/usr/bin';

/** The largest user and group id; the next number, -1, means "unchanged" to the system. */
const ID_MAX = 0xfffffffe;
const DESCRIPTOR_MAX = 0x7fffffff;

/**
 * Checks the options and builds the request for C++.
 * @param args - the program, then its arguments
 * @param further - names of further options that the caller handles, for the error message
 * @throws TypeError, RangeError for wrong arguments or options
 */
export function spawnRequest(
  where: string,
  args: readonly unknown[],
  options: SpawnOptions,
  further: readonly string[] = [],
): SpawnRequest {
  checkOptions(where, options, [...further, ...SPAWN_OPTIONS]);
  checkFlags(where, options, ['detached']);
  args.forEach((each, index) =>
    checkText(where, index === 0 ? 'program' : `args[${index - 1}]`, each),
  );
  const program = args[0] as string;
  if (program === '') throw new RangeError(`${where}: program must not be empty`);
  const { cwd, detached = false, processGroup } = options;
  const env = environment(where, options.env ?? process.env);
  if (detached && processGroup !== undefined) {
    throw new RangeError(
      `${where}: a session of its own is a process group of its own; detached ` +
        'and processGroup exclude each other',
    );
  }
  return {
    programs: candidates(program, env),
    args: args as readonly string[],
    env: env.map(([name, value]) => `${name}=${value}`),
    cwd: cwd === undefined ? undefined : folder(where, cwd),
    stdio: [
      stdioOf(where, 'stdin', options.stdin ?? 'inherit', 0),
      stdioOf(where, 'stdout', options.stdout ?? 'inherit', 1),
      stdioOf(where, 'stderr', options.stderr ?? 'inherit', 2),
    ],
    passFds: passed(where, options.passFds ?? []),
    uid: integer(where, 'uid', options.uid, ID_MAX),
    gid: integer(where, 'gid', options.gid, ID_MAX),
    umask: integer(where, 'umask', options.umask, 0o777),
    processGroup: integer(where, 'processGroup', processGroup, DESCRIPTOR_MAX),
    detached,
  };
}

function checkText(where: string, name: string, value: unknown): asserts value is string {
  if (typeof value !== 'string') {
    throw new TypeError(`${where}: ${name} must be a string, got ${describe(value)}`);
  }
  // The system would silently cut the text at the NUL byte.
  if (value.includes('\0')) {
    throw new RangeError(`${where}: ${name} must not have a NUL byte, got ${describe(value)}`);
  }
}

function integer(
  where: string,
  name: string,
  value: unknown,
  most: number,
  least = 0,
): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'number') {
    throw new TypeError(`${where}: ${name} must be a number, got ${describe(value)}`);
  }
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(
    `${where}: ${name} must be an integer from ${least} to ${most}, got ${describe(value)}`,
  );
}

function folder(where: string, cwd: unknown): string {
  const path = cwd instanceof URL ? fileURLToPath(cwd) : cwd;
  checkText(where, 'cwd', path);
  if (path === '') throw new RangeError(`${where}: cwd must not be empty`);
  return path;
}

function environment(where: string, env: unknown): Array<[string, string]> {
  if (typeof env !== 'object' || env === null || Symbol.iterator in env) {
    throw new TypeError(`${where}: env must be an object, got ${describe(env)}`);
  }
  const all: Array<[string, string]> = [];
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) continue;
    if (name === '' || name.includes('=') || name.includes('\0')) {
      throw new RangeError(`${where}: env: ${describe(name)} is no name of a variable`);
    }
    const text: unknown = typeof value === 'number' ? `${value}` : value;
    checkText(where, `env.${name}`, text);
    all.push([name, text]);
  }
  return all;
}

/** The paths at which to look for a program, in the order of PATH. */
function candidates(program: string, env: ReadonlyArray<[string, string]>): string[] {
  if (program.includes('/')) return [program];
  const path = env.findLast(([name]) => name === 'PATH')?.[1] ?? USUAL_PATH;
  // An empty entry of PATH means the program's working directory.
  return path.split(delimiter).map((each) => (each === '' ? `./${program}` : `${each}/${program}`));
}

function stdioOf(where: string, name: string, value: unknown, own: number): number {
  if (value === 'inherit') return own;
  if (value === 'pipe') return STDIO_PIPE;
  if (value === 'null') return STDIO_NULL;
  if (value === 'stdout' && name === 'stderr') return STDIO_OUTPUT;
  const descriptor =
    typeof value === 'object' && value !== null ? (value as { fd?: unknown }).fd : value;
  if (typeof descriptor === 'number') {
    return integer(where, name, descriptor, DESCRIPTOR_MAX)!;
  }
  const words =
    name === 'stderr' ? "'inherit', 'pipe', 'null', 'stdout'" : "'inherit', 'pipe', 'null'";
  throw new TypeError(
    `${where}: ${name} must be ${words}, a descriptor or a file that is open, got ${describe(value)}`,
  );
}

function passed(where: string, fds: unknown): number[] {
  if (!Array.isArray(fds)) {
    throw new TypeError(`${where}: passFds must be an array of numbers, got ${describe(fds)}`);
  }
  return fds.map((each, index) =>
    integer(where, `passFds[${index}]`, each ?? null, DESCRIPTOR_MAX, 3)!,
  );
}

/**
 * The number of a signal. @throws RangeError for a name or number that this system does not have
 */
export function signalNumber(where: string, signal: unknown): number {
  const { signals } = process.getBuiltinModule('node:os').constants;
  if (typeof signal === 'string' && Object.hasOwn(signals, signal)) {
    return signals[signal as NodeJS.Signals];
  }
  // Signal 0 is never delivered: it only checks whether the process exists.
  if (Number.isInteger(signal) && (signal as number) >= 0 && (signal as number) <= 64) {
    return signal as number;
  }
  const kind = typeof signal === 'string' || typeof signal === 'number' ? RangeError : TypeError;
  throw new kind(
    `${where}: ${describe(signal)} is no signal of this system; give a name such as 'SIGTERM'`,
  );
}
