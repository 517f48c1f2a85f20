/**
 * Signals and their handlers. They arrive in two ways: for guests through a listener at Node's
 * `process`, one per signal for all loops; while a loop owns the thread Node calls no listeners, so
 * C++ catches the signal and reports it in the loop's turns. C++ passes it on to Node as well,
 * which calls its listeners after the run: ours must not handle it a second time then.
 *
 * Only in the main thread: Node delivers none to workers.
 */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import type { NativeEngine } from '../../native/binding.ts';

/** The name of a signal: `'SIGTERM'`. */
export type SignalName = NodeJS.Signals;

/** The handler of a signal. */
export interface SignalListener {
  /** Whether it is skipped when the program itself handles the signal through any loop. */
  readonly polite: boolean;
  /**
   * The signal arrived. Called outside any dispatch.
   * @param elsewhere - whether the program also has a listener at Node's `process`
   */
  heard(name: SignalName, elsewhere: boolean): void;
}

/** The number of a signal on this system. */
function numberOf(name: SignalName): number {
  return process.getBuiltinModule('node:os').constants.signals[name];
}

/**
 * Marks our listeners at Node's `process`, including those of another copy of this package.
 */
const OURS: unique symbol = Symbol.for('oxbow.signalListener') as never;

/** Marks a `process` listener as ours, so that it does not count as one of the program. */
export function markAsOurs<F extends (...args: any[]) => void>(listener: F): F {
  return Object.assign(listener, { [OURS]: true });
}

/** All loops that listen to a signal, and the one `process` listener for them. */
interface Hub {
  readonly loops: Set<LoopSignals>;
  readonly listener: NodeJS.SignalsListener;
}

const hubs: Map<SignalName, Hub> = new Map();

/** Whether the program handles the signal through any loop. */
function programListens(name: SignalName): boolean {
  for (const loop of hubs.get(name)?.loops ?? []) {
    for (const listener of loop._listenersOf(name)) if (!listener.polite) return true;
  }
  return false;
}

/** Whether the program has a listener of its own at Node's `process`. */
export function listensElsewhere(name: SignalName): boolean {
  return process.listeners(name).some((listener) => !(OURS in listener));
}

function enter(name: SignalName, loop: LoopSignals): void {
  let hub = hubs.get(name);
  if (hub === undefined) {
    const loops: Set<LoopSignals> = new Set();
    const listener = markAsOurs(() => {
      for (const each of loops) each._heard(name);
    });
    hub = { loops, listener };
    hubs.set(name, hub);
    // Prepended, so that `once` listeners are still there when it looks for them.
    process.prependListener(name, listener);
  }
  hub.loops.add(loop);
}

function leave(name: SignalName, loop: LoopSignals): void {
  const hub = hubs.get(name);
  if (hub === undefined) return;
  hub.loops.delete(loop);
  if (hub.loops.size > 0) return;
  hubs.delete(name);
  process.removeListener(name, hub.listener);
}

/** The signals that one loop listens to. */
export class LoopSignals {
  readonly #listeners: Map<SignalName, Set<SignalListener>> = new Map();
  /** How many C++ has reported already that Node will report again. */
  readonly #toldBefore: Map<SignalName, number> = new Map();
  /** Set while the loop owns the thread; in a worker there are no listeners, so it is not used. */
  #engine: NativeEngine | null = null;

  /** The signals of a loop; created on first use. */
  static of(loop: AbstractEventLoop): LoopSignals {
    return (loop._signals ??= new LoopSignals());
  }

  add(name: SignalName, listener: SignalListener): void {
    let all = this.#listeners.get(name);
    if (all === undefined) {
      this.#listeners.set(name, (all = new Set()));
      enter(name, this);
    }
    all.add(listener);
    this.#tellEngine(name);
  }

  remove(name: SignalName, listener: SignalListener): void {
    const all = this.#listeners.get(name);
    if (all === undefined || !all.delete(listener)) return;
    if (all.size === 0) {
      this.#listeners.delete(name);
      this.#toldBefore.delete(name);
    }
    this.#tellEngine(name);
    if (all.size === 0) leave(name, this);
  }

  #tellEngine(name: SignalName): void {
    this.#engine?.watchSignals([numberOf(name), this.#mode(name)]);
  }

  /**
   * -1: do not listen; 0: listen; 1: a second signal before the first is handled ends the process.
   */
  #mode(name: SignalName): number {
    if (!this.#listeners.has(name)) return -1;
    return programListens(name) ? 0 : 1;
  }

  /** The loop owns the thread from now on. */
  own(engine: NativeEngine): void {
    this.#engine = engine;
    const names = [...this.#listeners.keys()];
    if (names.length === 0) return;
    engine.watchSignals(names.flatMap((name) => [numberOf(name), this.#mode(name)]));
  }

  /** The loop no longer owns the thread. */
  disown(): void {
    this.#engine?.watchSignals(null);
    this.#engine = null;
  }

  /** Delivers the signals that C++ has caught. */
  take(): void {
    for (let number; (number = this.#engine?.takeSignal() ?? 0) !== 0;) {
      for (const name of this.#listeners.keys()) {
        if (numberOf(name) !== number) continue;
        this.#toldBefore.set(name, (this.#toldBefore.get(name) ?? 0) + 1);
        this.#deliver(name);
        break;
      }
    }
  }

  /** Called by the `process` listener. */
  _heard(name: SignalName): void {
    const before = this.#toldBefore.get(name) ?? 0;
    if (before === 0) this.#deliver(name);
    else this.#toldBefore.set(name, before - 1);
  }

  #deliver(name: SignalName): void {
    const taken = programListens(name);
    const elsewhere = listensElsewhere(name);
    for (const listener of this._listenersOf(name)) {
      if (!(taken && listener.polite)) listener.heard(name, elsewhere);
    }
  }

  _listenersOf(name: SignalName): readonly SignalListener[] {
    return [...(this.#listeners.get(name) ?? [])];
  }

  /** The loop is closed: no handler is called from now on. */
  close(): void {
    for (const name of [...this.#listeners.keys()]) {
      this.#listeners.delete(name);
      leave(name, this);
    }
  }
}
