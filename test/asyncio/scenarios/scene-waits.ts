// What the statements of a scenario that wait for one thing do.
import { FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED, wait } from 'oxbow';
import type { Awaitable } from 'oxbow';

import type { Scene } from './scene-ops.ts';
import { itemOf, seconds, show } from './scene-text.ts';

interface Wait {
  text: string;
  begin: () => Awaitable<unknown>;
  /** How the result is told; null: not at all. */
  tell: ((result: any) => string) | null;
}

export type WaitOp = (scene: Scene, who: string, args: string[]) => Wait;

const CONDITIONS = {
  first: FIRST_COMPLETED,
  exception: FIRST_EXCEPTION,
  all: ALL_COMPLETED,
} as const;

/** The method of the thing that is named first. */
function method(op: string, name: string, tell: Wait['tell'] = told): WaitOp {
  return (scene, _who, [first, item]) => ({
    text: `${op} ${first}`,
    begin: () =>
      item === undefined ? scene.get(first!)[name]() : scene.get(first!)[name](itemOf(item)),
    tell,
  });
}

const told = (result: unknown): string => `= ${show(result)}`;
/** A guard is what `acquire` gives; asyncio's gives True. */
const truth = (result: unknown): string => `= ${show(Boolean(result))}`;

function namesOf(scene: Scene, names: string[], futures: Set<unknown>): string {
  return [...new Set(names)]
    .filter((name) => futures.has(scene.get(name)))
    .sort()
    .join(' ');
}

export const WAITS: Record<string, WaitOp> = {
  acquire: method('acquire', 'acquire', truth),
  ewait: method('ewait', 'wait'),
  cwait: method('cwait', 'wait'),
  bwait: method('bwait', 'wait'),
  put: method('put', 'put'),
  get: method('get', 'get'),
  join: method('join', 'join'),
  cwaitfor: (scene, who, [name, flag]) => ({
    text: `cwaitfor ${name}`,
    begin: () =>
      scene.get(name!).waitFor(() => {
        scene.log(who, 'asked');
        return scene.named.get(`flag ${flag}`);
      }),
    tell: told,
  }),
  wait: (scene, _who, [condition, timeout, ...names]) => ({
    text: 'wait',
    begin: () =>
      wait(
        names.map((name) => scene.get(name)),
        {
          returnWhen: CONDITIONS[condition as 'first'],
          timeout: seconds(timeout!),
        },
      ),
    tell: ({ done, pending }) =>
      `= done ${namesOf(scene, names, done)} pending ${namesOf(scene, names, pending)}`,
  }),
  next: (scene, _who, [name]) => {
    const step = (scene.get(name!) as Iterator<Awaitable<unknown>>).next();
    return {
      text: `next ${name}`,
      begin: () => (step.done === true ? done(scene) : step.value),
      tell: (result) => (step.done === true ? 'is over' : told(result)),
    };
  },
  anext: (scene, _who, [name]) => ({
    text: `anext ${name}`,
    begin: () => scene.get(`async ${name}`).next(),
    tell: (step: IteratorResult<unknown>) =>
      step.done === true
        ? 'is over'
        : `= ${[...scene.named]
            .filter(([, value]) => value === step.value)
            .map(([key]) => key)
            .sort()
            .join(' ')}`,
  }),
};

function done(scene: Scene): Awaitable<unknown> {
  const future = scene.loop.createFuture();
  future.setResult(undefined);
  return future;
}
