/**
 * Looks into a main thread whose JavaScript does not return. Node's inspector can interrupt it
 * anywhere, even in an endless loop; the thread is paused only for as long as it takes to read its
 * stack and to take a snapshot, some milliseconds.
 *
 * The program must never stay paused. So the session is closed in every case, even when there was
 * no answer in time: the main thread handles requests in the order in which they were sent, so if
 * it gets to the pause late, the end of the session resumes it at once.
 */
import { fileURLToPath } from 'node:url';

import { SNAPSHOT_HOOK } from '../asks-and-answers.ts';
import type { Frame } from './protocol.ts';

type Inspector = typeof import('node:inspector');
type Session = import('node:inspector').Session;

/** What was found in the main thread. */
export interface Look {
  /** The stack, innermost frame first, without frames of Node and of this package. */
  readonly stack: readonly Frame[];
  /** A ThreadReport as JSON, or null. */
  readonly report: string | null;
}

interface CallFrame {
  readonly callFrameId: string;
  readonly functionName: string;
  readonly location: { scriptId: string; lineNumber: number; columnNumber?: number };
}

/** Long enough for an overloaded machine, shorter than the time clients wait for an answer. */
const TIME_LIMIT_MS = 2_000;
const FRAMES_MAX = 32;
const OWN = new URL('../..', import.meta.url).href;

function load(): Inspector | null {
  try {
    return process.getBuiltinModule('node:inspector');
  } catch {
    return null;
  }
}

/**
 * Pauses the main thread, and reads its stack and a snapshot.
 * @returns null when it ran no JavaScript in time, or there is no inspector; 'debugger' when a
 * debugger is attached
 */
export async function lookIntoMainThread(): Promise<Look | 'debugger' | null> {
  const session = open();
  if (session === null) return null;
  const scripts = new Map<string, string>();
  session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params.url));
  try {
    return await withLimit(look(session, scripts));
  } catch {
    return null;
  } finally {
    session.disconnect();
  }
}

function open(): Session | null {
  try {
    const session = new (load()!.Session)();
    session.connectToMainThread();
    return session;
  } catch {
    // This Node has no inspector, or its permissions forbid it.
    return null;
  }
}

async function look(session: Session, scripts: Map<string, string>): Promise<Look | 'debugger'> {
  let paused: ((frames: CallFrame[]) => void) | null = null;
  let foreign = false;
  session.on('Debugger.paused', ({ params }) => {
    const hit = (params as { hitBreakpoints?: unknown[] }).hitBreakpoints ?? [];
    // A pause that was not requested here, or that has another cause, belongs to a debugger.
    if (paused === null || hit.length > 0) foreign = true;
    paused?.(params.callFrames as CallFrame[]);
  });
  await post(session, 'Debugger.enable');
  if (foreign) return 'debugger';
  const stopped = new Promise<CallFrame[]>((resolve) => {
    paused = resolve;
  });
  await post(session, 'Debugger.pause');
  const frames = await stopped;
  if (foreign) return 'debugger';
  try {
    return { stack: userFrames(frames, scripts), report: await report(session, frames, scripts) };
  } finally {
    void post(session, 'Debugger.resume').catch(() => {});
  }
}

/** A snapshot of the paused thread, taken by its own Reporter; null if it has none. */
async function report(
  session: Session,
  frames: readonly CallFrame[],
  scripts: Map<string, string>,
): Promise<string | null> {
  const top = frames[0];
  if (top === undefined) return null;
  const url = scripts.get(top.location.scriptId) ?? '';
  // While a function of this package is interrupted, generators must not be resumed.
  const safe = !url.startsWith(OWN) && !url.startsWith('node:');
  const answer = (await post(session, 'Debugger.evaluateOnCallFrame', {
    callFrameId: top.callFrameId,
    expression: `globalThis[Symbol.for(${JSON.stringify(SNAPSHOT_HOOK)})]?.(${safe})`,
    returnByValue: true,
    silent: true,
  })) as { result?: { type?: string; value?: unknown } };
  return typeof answer.result?.value === 'string' ? answer.result.value : null;
}

function userFrames(frames: readonly CallFrame[], scripts: Map<string, string>): Frame[] {
  return frames
    .flatMap(({ functionName, location }) => {
      const url = scripts.get(location.scriptId) ?? '';
      if (url === '' || url.startsWith('node:') || url.startsWith(OWN)) return [];
      return [
        {
          functionName: functionName === '' ? '<anonymous>' : functionName.slice(0, 200),
          file: url.startsWith('file:') ? fileURLToPath(url) : url.slice(0, 1000),
          line: location.lineNumber + 1,
          column: (location.columnNumber ?? 0) + 1,
        },
      ];
    })
    .slice(0, FRAMES_MAX);
}

function post(session: Session, method: string, params: object = {}): Promise<object> {
  return new Promise((resolve, reject) => {
    session.post(method, params, (error: Error | null, result?: object) => {
      if (error) reject(error);
      else resolve(result ?? {});
    });
  });
}

/** @throws Error when it takes too long */
async function withLimit<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), TIME_LIMIT_MS);
  });
  // Errors after the limit, such as that the session was closed, are of no interest.
  work.catch(() => {});
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
