// A checker for the Trace Event Format: what Perfetto and chrome://tracing need of a file.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export interface TraceEvent {
  name: string;
  cat: string;
  ph: string;
  ts: number;
  dur?: number;
  pid: number;
  tid: number;
  id?: string;
  bp?: string;
  args?: Record<string, unknown>;
}

/** The events of a file, which must be one JSON text. */
export function readTrace(path: string): TraceEvent[] {
  const bytes = readFileSync(path);
  const text = path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
  return JSON.parse(text.toString('utf8')) as TraceEvent[];
}

/** What is wrong with a trace; empty when nothing is. */
export function checkTrace(events: readonly TraceEvent[], killed = false): string[] {
  const wrong = events.flatMap((event, n) => checkFields(event).map((text) => `${n}: ${text}`));
  for (const thread of new Set(events.map(({ tid }) => tid))) {
    const own = events.filter(({ tid }) => tid === thread);
    wrong.push(...checkOrder(own), ...checkNesting(own, killed));
  }
  return [...wrong, ...checkPairs(events, 'b', 'e'), ...checkPairs(events, 's', 'f')];
}

const PHASES = 'XBEbesfCM';

function checkFields(event: TraceEvent): string[] {
  const { name, cat, ph, ts, dur, pid, tid, id } = event;
  const rules: [boolean, string][] = [
    [typeof name === 'string' && name !== '', 'no name'],
    [typeof cat === 'string' && cat !== '', 'no cat'],
    [ph.length === 1 && PHASES.includes(ph), `the phase ${ph}`],
    [Number.isFinite(ts) && ts >= 0, `the time ${ts}`],
    [Number.isInteger(pid) && pid > 0, `the pid ${pid}`],
    [Number.isInteger(tid) && tid > 0, `the tid ${tid}`],
    [(ph === 'X') === (dur !== undefined), `dur with ${ph}`],
    [dur === undefined || dur >= 0, `the length ${dur}`],
    ['besf'.includes(ph) === (id !== undefined), `id with ${ph}`],
    [ph !== 'M' || typeof event.args?.['name'] === 'string', 'metadata without a name'],
  ];
  return rules.filter(([right]) => !right).map(([, text]) => `${text} of ${name}`);
}

function checkOrder(events: readonly TraceEvent[]): string[] {
  return events
    .slice(1)
    .flatMap((event, n) =>
      event.ts >= events[n]!.ts
        ? []
        : [`${event.name} at ${event.ts} comes before ${events[n]!.ts}`],
    );
}

/** Slices of a thread lie in each other or beside each other. */
function checkNesting(events: readonly TraceEvent[], killed: boolean): string[] {
  const wrong: string[] = [];
  const ends: { name: string; end: number }[] = [];
  for (const { name, ph, ts, dur } of events) {
    // A thousandth of a microsecond may be lost where the two numbers are added.
    while (ends.length > 0 && ends.at(-1)!.end <= ts + 0.0015 && ph !== 'E') ends.pop();
    const around = ends.at(-1);
    if (ph === 'B') ends.push({ name, end: Infinity });
    if (ph === 'E') {
      while (ends.length > 0 && ends.at(-1)!.end !== Infinity) ends.pop();
      if (ends.pop()?.name !== name) wrong.push(`${name} ends and has not begun`);
    }
    if (ph !== 'X') continue;
    const end = ts + dur!;
    if (around !== undefined && end > around.end + 0.0015) {
      wrong.push(`${name} ends at ${end}, after ${around.name} at ${around.end}`);
    }
    ends.push({ name, end });
  }
  const open = ends.filter(({ end }) => end === Infinity);
  if (!killed) wrong.push(...open.map(({ name }) => `${name} never ends`));
  return wrong;
}

function checkPairs(events: readonly TraceEvent[], first: string, second: string): string[] {
  const begun = new Set<string>();
  return events.flatMap(({ ph, cat, id, name }) => {
    if (ph === first) {
      if (begun.has(`${cat} ${id}`)) return [`${first} of ${name} comes twice`];
      begun.add(`${cat} ${id}`);
    }
    return ph === second && !begun.has(`${cat} ${id}`) ? [`${second} of ${name} comes alone`] : [];
  });
}
