/**
 * Debug mode: objects that start when they are awaited (scopes) and never were. They are reported
 * when the garbage collector finds them, or when their loop is closed, whichever is first: a
 * program may well end before there is any garbage to collect.
 */
import type { LoopCore } from '../contract/loop-core.ts';
import { createdAt, sourceTraceback } from '../support/describe.ts';
import { captureStack, functionsCalled } from './frames.ts';
import { runningLoop } from '../context/running.ts';

/** What is kept about an object without keeping it alive. */
interface Note {
  readonly loop: WeakRef<LoopCore>;
  readonly message: string;
}

const notes = new WeakMap<object, Note>();
const open = new WeakMap<LoopCore, Set<Note>>();
let registry: FinalizationRegistry<Note> | undefined;

/** Records an object that has to be awaited. */
export function noteLazy(thing: object): void {
  const loop = runningLoop();
  if (loop === null || !loop._debug) return;
  const stack = captureStack(noteLazy, 40);
  const call = functionsCalled(stack).at(-1) ?? 'a scope';
  const note: Note = {
    loop: new WeakRef(loop),
    message:
      `${call}() was never awaited, so its body never ran; write yield* or await ` +
      `before it${createdAt(sourceTraceback(stack))}`,
  };
  registry ??= new FinalizationRegistry(tell);
  registry.register(thing, note, thing);
  notes.set(thing, note);
  let ofLoop = open.get(loop);
  if (ofLoop === undefined) open.set(loop, (ofLoop = new Set()));
  ofLoop.add(note);
}

/** The object was awaited: forget it. */
export function noteBegun(thing: object): void {
  const note = notes.get(thing);
  if (note === undefined) return;
  registry!.unregister(thing);
  notes.delete(thing);
  const loop = note.loop.deref();
  if (loop !== undefined) open.get(loop)?.delete(note);
}

/** Reports every object of a loop that was not awaited by the time the loop closes. */
export function reportNeverAwaited(loop: LoopCore): void {
  for (const note of open.get(loop) ?? []) tell(note);
}

function tell(note: Note): void {
  const loop = note.loop.deref();
  // Reported once: when the loop was closed first, the note is no longer in the set.
  if (loop === undefined || open.get(loop)?.delete(note) !== true) return;
  loop._warn(note.message);
}
