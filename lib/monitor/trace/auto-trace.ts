/**
 * `OXBOW_TRACE=FILE`: the first loop of a program starts a trace. In a worker whose parent is
 * tracing, the first loop joins that trace.
 *
 * `%p` in the name is the process's number. Without it, a process that a traced one has started
 * writes a file of its own beside it, and so does a worker whose parent has no trace.
 */
import { LOOP_CREATE } from '../../core/observe/diagnostics-channels.ts';
import { isMainThread, workerThreads } from '../../core/support/worker-threads.ts';
import { startTrace, Trace, TRACE_KEY } from './trace.ts';
import type { InheritedTrace } from './trace.ts';
import { TraceFile } from './trace-file.ts';

/** Says to the processes that this one starts that the name is taken. */
const TAKEN = 'OXBOW_TRACE_PID';

const path = process.env['OXBOW_TRACE'] ?? '';
const wanted = path !== '';
const parent = process.env[TAKEN];

/** `out.json` and `7`: `out.7.json`. */
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

/** Of the parent that is tracing. Only a worker has one, so only there the asking pays. */
function inheritedTrace(): InheritedTrace | undefined {
  if (isMainThread()) return undefined;
  return workerThreads().getEnvironmentData(TRACE_KEY) as unknown as InheritedTrace | undefined;
}

/** At the first loop, where the addon is loaded, which knows in which thread this is. */
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
