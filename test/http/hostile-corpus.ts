/** Reads the messages of test/http/corpus; the README there says how they are written. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../support/root.ts';

export type Kind = 'request' | 'response';

/** What comes behind the messages of a case. */
export type Ending = 'refuse' | 'open' | 'end' | 'leave' | 'cut';

/** A message that is read: what it is, and its body. */
export interface Reading {
  /** `POST /path` of a request, `200` of a response. */
  readonly what: string;
  /** Latin-1; null of an interim response. */
  readonly body: string | null;
}

export interface HostileCase {
  readonly file: string;
  readonly name: string;
  readonly kind: Kind;
  /** Latin-1. */
  readonly bytes: string;
  /** Of a response: the method of what it answers. */
  readonly answers: string;
  readonly readings: Reading[];
  readonly ending: Ending;
  /** Of a request that is refused. */
  readonly status: number;
  /** How Node's parser differs. */
  readonly node: 'same' | 'stricter' | 'looser';
}

const FOLDER = join(ROOT, 'test/http/corpus');

const ESCAPES: Record<string, string> = { r: '\r', n: '\n', t: '\t', '0': '\0' };

/** The bytes that a line stands for. */
export function unescaped(text: string): string {
  let repeated = text;
  // The inner ones first.
  for (let before = ''; before !== repeated;) {
    before = repeated;
    repeated = before.replace(/\{(\d+)\*((?:[^{}\\]|\\.)*)\}/g, (_, count, what) =>
      String(what).repeat(Number(count)),
    );
  }
  return repeated.replace(/\\(?:x([\da-f]{2})|(.))/g, (_, hex: string | undefined, one: string) =>
    hex === undefined ? (ESCAPES[one] ?? one) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

interface Draft {
  name: string;
  bytes: string;
  answers: string;
  expected: string[];
  node: HostileCase['node'];
}

function finished(file: string, kind: Kind, draft: Draft): HostileCase {
  const readings: Reading[] = [];
  const where = `${file}: ${draft.name}`;
  const last = /^(open|end|leave|cut|refuse)(?: (\d{3}))?$/.exec(draft.expected.at(-1) ?? '');
  if (last === null) throw new Error(`${where}: the last line must say what comes then`);
  for (const line of draft.expected.slice(0, -1)) {
    const read = /^read (.*?) "(.*)"$/.exec(line);
    const interim = /^interim (\d{3})$/.exec(line);
    if (read !== null) {
      readings.push({ what: read[1]!, body: unescaped(read[2]!) });
    } else if (interim !== null) readings.push({ what: interim[1]!, body: null });
    else throw new Error(`${where}: no meaning in '${line}'`);
  }
  return {
    file,
    name: draft.name,
    kind,
    bytes: draft.bytes,
    answers: draft.answers,
    readings,
    ending: last[1] as Ending,
    status: Number(last[2] ?? 0),
    node: draft.node,
  };
}

function draftsOf(file: string): Draft[] {
  const drafts: Draft[] = [];
  let draft: Draft | null = null;
  for (const line of readFileSync(join(FOLDER, file), 'utf8').split('\n')) {
    const rest = line.slice(2);
    const [, count, repeated] = /^\{(\d+)\*> (.*)\}$/.exec(line) ?? [];
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('= ')) {
      draft = { name: rest, bytes: '', answers: 'GET', expected: [], node: 'same' };
      drafts.push(draft);
    } else if (draft === null) throw new Error(`${file}: '${line}' stands before any case`);
    else if (line.startsWith('|')) draft.bytes += unescaped(rest);
    else if (line.startsWith(': ')) draft.answers = rest;
    else if (line.startsWith('> ')) draft.expected.push(rest);
    else if (count !== undefined) {
      draft.expected.push(...Array.from({ length: Number(count) }, () => repeated!));
    } else {
      const [, how] = /^node: (stricter|looser), ./.exec(line) ?? [];
      if (how === undefined) throw new Error(`${file}: no meaning in '${line}'`);
      draft.node = how as HostileCase['node'];
    }
  }
  return drafts;
}

/** All cases of a kind. */
export function hostileCases(kind: Kind): HostileCase[] {
  const folder = `${kind}s`;
  return readdirSync(join(FOLDER, folder))
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .map((name) => `${folder}/${name}`)
    .flatMap((file) => draftsOf(file).map((draft) => finished(file, kind, draft)));
}

/** The cases of `others`, whose expectations are of a kind of their own. */
export function plainCases(name: string): { name: string; bytes: string; expected: string[] }[] {
  return draftsOf(`others/${name}.txt`).map((draft) => ({
    ...draft,
    expected: draft.expected.map(unescaped),
  }));
}

/** Of longer messages not every cut is tried. */
const LONG = 1500;
const CUTS_OF_LONG = 40;

/** Where to cut: everywhere; of a long one around its ends, and at some places between them. */
export function cutsOf(bytes: string): number[] {
  const { length } = bytes;
  const step = length > LONG ? Math.ceil(length / CUTS_OF_LONG) : 1;
  const cuts = new Set<number>();
  for (let at = 1; at < length; at += step) cuts.add(at);
  if (step > 1) for (let at = 1; at < 40; at++) cuts.add(at).add(length - at);
  return [...cuts].sort((a, b) => a - b);
}
