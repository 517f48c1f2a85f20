// What the statements about locks, events, barriers and queues do that wait for nothing.
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  LifoQueue,
  Lock,
  PriorityQueue,
  Queue,
  Semaphore,
} from 'oxbow';

import type { Op, Scene } from './scene-ops.ts';
import { itemOf, show, showError } from './scene-text.ts';

/** Makes a thing that takes a number; a wrong number is told. */
function making(op: string, Kind: new (number?: number) => unknown): Op {
  return (scene, who, [name, number]) => {
    try {
      scene.named.set(name!, number === undefined ? new Kind() : new Kind(Number(number)));
    } catch (error) {
      scene.log(who, `${op} ! ${showError(error)}`);
    }
  };
}

/** Calls a method; what it returns is not told. */
function calling(op: string, method: string): Op {
  return (scene, who, [name, ...args]) =>
    scene.attempt(who, `${op} ${name}`, () => scene.get(name!)[method](...args.map(itemOf)), true);
}

const state = (scene: Scene, name: string, method: string): string =>
  show(scene.get(name)[method]());

/** The part of a description that is the same in both languages. */
function stateWords(text: string): string {
  if (text.includes('maxsize')) return text.replace(/^<\w+ | qsize=\d+| tasks=0|>$/g, '');
  return /\[(.*)\]/.exec(text)?.[1] ?? /^<\w+ ?(.*)>$/.exec(text)?.[1] ?? text;
}

export const SYNC: Record<string, Op> = {
  lock: (scene, _who, [name]) => {
    scene.named.set(name!, new Lock());
  },
  event: (scene, _who, [name]) => {
    scene.named.set(name!, new Event());
  },
  condition: (scene, _who, [name, lock]) => {
    scene.named.set(name!, new Condition(lock === undefined ? null : scene.get(lock)));
  },
  semaphore: making('semaphore', Semaphore),
  bounded: making('bounded', BoundedSemaphore),
  barrier: making('barrier', Barrier as new (number?: number) => unknown),
  queue: making('queue', Queue),
  pqueue: making('pqueue', PriorityQueue),
  lqueue: making('lqueue', LifoQueue),
  repr: (scene, who, [name]) => {
    const thing = scene.get(name!);
    const words = stateWords(String(thing));
    const told =
      'cancelling' in thing || ('cancel' in thing && 'done' in thing)
        ? words.split(' ')[0]!
        : words;
    scene.log(who, `repr ${name} = ${told}`);
  },
  release: calling('release', 'release'),
  locked: (scene, who, [name]) =>
    scene.log(who, `locked ${name} = ${state(scene, name!, 'locked')}`),
  eset: (scene, _who, [name]) => scene.get(name!).set(),
  eclear: (scene, _who, [name]) => scene.get(name!).clear(),
  isset: (scene, who, [name]) => scene.log(who, `isset ${name} = ${state(scene, name!, 'isSet')}`),
  notify: calling('notify', 'notify'),
  notifyall: calling('notifyall', 'notifyAll'),
  flag: (scene, _who, [name, value]) => {
    scene.named.set(`flag ${name}`, value);
  },
  bstate: (scene, who, [name]) => {
    const barrier = scene.get(name!) as Barrier;
    scene.log(who, `bstate ${name} ${barrier.nWaiting}/${barrier.parties} ${show(barrier.broken)}`);
  },
  breset: (scene, _who, [name]) => void scene.get(name!).reset(),
  babort: (scene, _who, [name]) => void scene.get(name!).abort(),
  putnow: calling('putnow', 'putNowait'),
  getnow: (scene, who, [name]) =>
    scene.attempt(who, `getnow ${name}`, () => scene.get(name!).getNowait()),
  qsize: (scene, who, [name]) =>
    scene.log(
      who,
      `qsize ${name} = ${['qsize', 'empty', 'full']
        .map((each) => state(scene, name!, each))
        .join(' ')}`,
    ),
  taskdone: calling('taskdone', 'taskDone'),
  shutdown: (scene, _who, [name, now]) => scene.get(name!).shutdown(now !== undefined),
};
