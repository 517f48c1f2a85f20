/**
 * `OXBOW_TRACE=FILE`: the first loop of a program starts a trace. In a worker whose parent is
 * tracing, the first loop joins the parent's trace.
 *
 * `%p` in the name stands for the process id. Without it, child processes of a traced process, and
 * workers whose parent has no trace, write to separate files with the process or thread id in the
 * name.
 */
import { LOOP_CREATE } from '../../core/observe/diagnostics-channels.ts';
import { isMainThread, workerThreads } from '../../core/support/worker-threads.ts';
import { startTrace, Trace, TRACE_KEY } from './trace.ts';
import type { InheritedTrace } from './trace.ts';
import { TraceFile } from './trace-file.ts';

/** Environment variable that tells child processes which process writes to the file itself. */
const TAKEN = 'OXBOW_TRACE_PID';

const path = process.env['OXBOW_TRACE'] ?? '';
const wanted = path !== '';
const parent = process.env[TAKEN];

/** Inserts `part` before the extension: `out.json` and `7` give `out.7.json`. */
function withPart(file: string, part: string): string {
  const dot = /\.json(?:\.gz)?$/.exec(file)?.index ?? file.length;
  return `${file.slice(0, dot)}.${part}${file.slice(dot)}`;
}

function ownPath(given: string): string {
  const pid = String(process.pid);
  let own = given.replaceAll('%p', pid);
  if (own === given && parent !== undefined && parent !== pid) own = withPart(own, pid);
  return isMainThread() ? own : withPart(own, `worker-${workerThreads().threadId}`);
}

/**
 * The trace of the parent, if any. Only a worker has one; the check avoids a lookup in the main
 * thread.
 */
function inheritedTrace(): InheritedTrace | undefined {
  if (isMainThread()) return undefined;
  return workerThreads().getEnvironmentData(TRACE_KEY) as unknown as InheritedTrace | undefined;
}

/**
 * Runs when the first loop is made: only then the addon is loaded, which knows which thread this
 * is.
 */
function start(): void {
  LOOP_CREATE.unsubscribe(start);
  try {
    const inherited = inheritedTrace();
    if (inherited !== undefined) {
      new Trace(new TraceFile(inherited.file), false, { limit: inherited.limit });
    } else if (wanted) {
      startTrace(ownPath(path));
    }
  } catch (error) {
    process.emitWarning(`OXBOW_TRACE: ${(error as Error).message}`, 'OxbowWarning');
  }
}

LOOP_CREATE.subscribe(start);
if (wanted && workerThreads().isMainThread) process.env[TAKEN] ??= String(process.pid);
