/**
 * Signals, and who handles them. There are two ways in: as a guest, a listener of Node's, one for
 * each signal and all loops; while a loop owns the thread Node calls none, so C++ listens and its
 * turns tell. C++ passes it on to Node as well, whose listeners are then called after the run: ours
 * must not count that again.
 *
 * Only in the main thread: Node delivers none to workers.
 */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import type { NativeEngine } from '../../native/binding.ts';

/** The name of a signal: `'SIGTERM'`. */
export type SignalName = NodeJS.Signals;

/** The handler of a signal. */
export interface SignalListener {
  /** Whether it steps back for those of the program that listen to the signal by a loop's calls. */
  readonly polite: boolean;
  /**
   * The signal came. Runs outside of any dispatch.
   * @param elsewhere - whether the program has a listener at Node's `process`, too
   */
  heard(name: SignalName, elsewhere: boolean): void;
}

/** The number of a signal on this system. */
function numberOf(name: SignalName): number {
  return process.getBuiltinModule('node:os').constants.signals[name];
}

/**
 * Marks listeners at Node's `process` that are ours, also those of another copy of this package.
 */
const OURS: unique symbol = Symbol.for('oxbow.signalListener') as never;

/** A listener of Node's that the polite ones do not step back for. */
export function markAsOurs<F extends (...args: any[]) => void>(listener: F): F {
  return Object.assign(listener, { [OURS]: true });
}

/** All loops that listen to a signal, and the listener at Node's that stands for them. */
interface Hub {
  readonly loops: Set<LoopSignals>;
  readonly listener: NodeJS.SignalsListener;
}

const hubs: Map<SignalName, Hub> = new Map();

/** Whether the program listens by a call of any loop. */
function programListens(name: SignalName): boolean {
  for (const loop of hubs.get(name)?.loops ?? []) {
    for (const listener of loop._listenersOf(name)) if (!listener.polite) return true;
  }
  return false;
}

/** Whether the program listens at Node's `process`. */
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
    // First, so that it sees those who listen only once.
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
  /** Told by C++ already; Node will tell of them again. */
  readonly #toldBefore: Map<SignalName, number> = new Map();
  /** Of a loop that owns the thread; in a worker nobody listens, so that it is asked nothing. */
  #engine: NativeEngine | null = null;

  /** The loop's own; made when the first is asked for. */
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

  /** -1: not at all; 1: a second one that finds the first not looked at ends the process. */
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

  /** It does not any more. */
  disown(): void {
    this.#engine?.watchSignals(null);
    this.#engine = null;
  }

  /** Hands out what C++ has. */
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

  /** From Node's listener. */
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

  /** The loop is closed: no handler is called any more. */
  close(): void {
    for (const name of [...this.#listeners.keys()]) {
      this.#listeners.delete(name);
      leave(name, this);
    }
  }
}
