/** `oxbow trace FILE`: runs a program as `oxbow run` does, and records what its loops do. */
import { basename, extname, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { LOOP_CREATE } from '../core/observe/diagnostics-channels.ts';
import { toSeconds } from '../core/support/duration.ts';
import type { Duration } from '../core/support/duration.ts';
import { startTrace } from '../monitor/trace/trace.ts';
import type { Trace, TraceOptions } from '../monitor/trace/trace.ts';
import { complain, print, usage } from './output.ts';
import { runProgram } from './run.ts';

const HELP = `Usage: oxbow trace [options] [OUT.json] FILE [arguments]

Runs FILE as 'oxbow run' does and records what its event loops do: turns,
callbacks, steps of tasks, the lives of tasks, how late timers were. Open the
trace at https://ui.perfetto.dev or chrome://tracing.

It is written to OUT.json, or the --output, or NAME.trace.json in the current
folder, where NAME is that of FILE; .json.gz is compressed. It can be read also
when the program crashes or is killed.

Options:
  --output PATH    where to write it
  --limit N        stop recording after N events
  --duration TIME  stop recording after a time: seconds, or such as '500ms'
  --debug          debug mode of the loop: says where callbacks were made
  -h, --help       this text

Exit code: as 'oxbow run'.
`;

interface Request {
  readonly path: string;
  readonly file: string;
  readonly rest: readonly string[];
  readonly options: TraceOptions;
  readonly debug: boolean | undefined;
}

/** `oxbow trace`. @returns the exit code */
export async function traceCommand(args: readonly string[]): Promise<number> {
  let request: Request | null;
  try {
    request = parse(args);
  } catch (error) {
    return usage('trace', HELP, (error as Error).message);
  }
  if (request === null) {
    print(HELP);
    return 0;
  }
  const { file, rest, debug } = request;
  if (debug === true) process.env['OXBOW_DEBUG'] = '1';
  const recording = record(request);
  const code = await runProgram(file, rest, { debug, again: ['trace', ...args] });
  recording.finish();
  // As in 'oxbow run': after an error, exit even if the process has other work left.
  if (code !== 0) process.exit(code);
  return 0;
}

const OPTIONS = {
  output: { type: 'string' },
  limit: { type: 'string' },
  duration: { type: 'string' },
  debug: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

interface Values {
  output?: string;
  limit?: string;
  duration?: string;
  debug?: boolean;
  help?: boolean;
}

const TRACE_NAME = /\.json(?:\.gz)?$/;

/** @returns null when help was requested. @throws Error with a message for the user */
function parse(args: readonly string[]): Request | null {
  let { values, file, rest } = split(args);
  let path = values.output;
  // A first argument ending in .json is the trace only if something follows it.
  if (file !== undefined && TRACE_NAME.test(file) && rest.length > 0) {
    const again = split(rest);
    values = { ...values, ...again.values };
    if (values.output !== undefined) {
      throw new Error(`both ${file} and --output ${values.output} were given`);
    }
    path = file;
    ({ file, rest } = again);
  }
  if (values.help === true) return null;
  if (file === undefined) throw new Error('no FILE was given');
  if (TRACE_NAME.test(file)) throw new Error(`${file} is no program to run`);
  const options = limits(values);
  path = resolve(path ?? `${basename(file, extname(file))}.trace.json`);
  return { path, file, rest, options, debug: values.debug };
}

/** The leading options, the first argument that is not an option, and what follows it. */
function split(args: readonly string[]): {
  values: Values;
  file: string | undefined;
  rest: readonly string[];
} {
  // First parse without checks, to tell arguments from the values of options.
  const { tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const at = tokens.find(({ kind }) => kind === 'positional')?.index ?? args.length;
  const own = args.slice(0, at).filter((arg, n) => !(arg === '--' && n === at - 1));
  const { values } = parseArgs({ args: own, options: OPTIONS });
  return { values, file: args[at], rest: args.slice(at + 1) };
}

function limits({ limit, duration }: Values): TraceOptions {
  const count = Number(limit ?? 1);
  if (!Number.isInteger(count) || count < 1 || limit === '') {
    throw new Error(`--limit: ${limit} is no number of events; give an integer above 0`);
  }
  const plain = duration !== undefined && /^\s*[\d.]+\s*$/.test(duration);
  const time: Duration | undefined = plain ? Number(duration) : duration;
  if (time !== undefined) toSeconds(time, '--duration');
  return { limit: limit === undefined ? undefined : count, duration: time };
}

/**
 * Records from the first loop on: if the program is run in another process, there is no loop in
 * this one, and the other process writes the file. Loops of other copies of the package are also
 * announced on the channel.
 */
function record({ path, options }: Request): { finish(): void } {
  let trace: Trace | null = null;
  const start = (): void => {
    LOOP_CREATE.unsubscribe(start);
    try {
      trace = startTrace(path, options);
    } catch (error) {
      complain(`oxbow trace: ${(error as Error).message}\n`);
      process.exit(1);
    }
  };
  const finish = (): void => {
    LOOP_CREATE.unsubscribe(start);
    process.removeListener('exit', finish);
    if (trace === null) return;
    const { events } = trace.stop();
    complain(`oxbow trace: ${events} events are in ${path}\n`);
    trace = null;
  };
  LOOP_CREATE.subscribe(start);
  process.on('exit', finish);
  return { finish };
}
