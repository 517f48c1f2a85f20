/**
 * The events of a trace that were not yet written, as JSON in the Trace Event Format that Perfetto
 * and chrome://tracing read. They are in the order of their times: the place of a slice is reserved
 * when it begins, and filled in when it ends.
 */

/** A slice that has begun. */
interface Slice {
  place: number;
  readonly thread: number;
  readonly category: string;
  readonly name: string;
  readonly startNs: number;
}

/** Optional fields of an event; the values in `args` must be plain JSON values. */
export interface EventFields {
  readonly id?: string;
  /** For the end of a flow: it ends in the enclosing slice, not in the next one. */
  readonly binding?: 'e';
  readonly args?: Readonly<Record<string, unknown>> | undefined;
}

/** The longest name that is written; users' names may be of any length. */
const NAME_MAX = 200;

/** The `place` of a slice whose beginning was already written to the file. */
const WRITTEN = -1;

export class TraceEvents {
  readonly #process: number;
  readonly #names: Map<string, string> = new Map();
  /** The time of the last event of each thread. */
  readonly #latest: Map<number, number> = new Map();
  #events: string[] = [];
  #open: Slice[] = [];
  /** A slice of yet unknown length that does not contain other slices. */
  #reserved: Slice | null = null;

  constructor(processId: number) {
    this.#process = processId;
  }

  /** How many events wait to be written. */
  get count(): number {
    return this.#events.length;
  }

  /** Whether a slice is open, in which a flow could begin or end. */
  get inside(): boolean {
    return this.#open.length > 0;
  }

  /** Opens a slice; slices are nested. */
  begin(thread: number, category: string, name: string, startNs: number): void {
    this.#open.push({ place: this.#events.length, thread, category, name, startNs });
    this.#latest.set(thread, startNs);
    this.#events.push('');
  }

  /** Closes the slice that was opened last. */
  end(endNs: number, args?: EventFields['args']): void {
    const slice = this.#open.pop();
    if (slice === undefined) return;
    const { place, thread, category, name, startNs } = slice;
    if (place === WRITTEN) {
      this.add('E', thread, category, name, endNs, { args });
      return;
    }
    const length = `,"dur":${micros(Math.max(endNs - startNs, 0))}`;
    this.#events[place] = this.#text('X', thread, category, name, startNs, { args }, length);
  }

  /** Reserves a place for a slice that begins now; `settle` provides its length. */
  reserve(thread: number, category: string, name: string, startNs: number): void {
    this.#reserved = { place: this.#events.length, thread, category, name, startNs };
    this.#events.push('');
  }

  /** Fills in the reserved slice; one without a length is left out. */
  settle(thread: number, lengthNs: number): void {
    const slice = this.#reserved;
    if (slice === null || slice.thread !== thread) return;
    this.#reserved = null;
    if (slice.place === WRITTEN || lengthNs <= 0) return;
    const { category, name, startNs } = slice;
    this.#events[slice.place] = this.#text(
      'X',
      thread,
      category,
      name,
      startNs,
      {},
      `,"dur":${micros(lengthNs)}`,
    );
  }

  /**
   * Adds a slice that is already over. What lies before the last event of the thread is cut off.
   */
  slice(thread: number, category: string, name: string, startNs: number, endNs: number): void {
    const start = Math.max(startNs, this.#latest.get(thread) ?? 0);
    if (start >= endNs) return;
    this.#events.push(
      this.#text('X', thread, category, name, start, {}, `,"dur":${micros(endNs - start)}`),
    );
  }

  /** Adds an event without a duration: phase `b`, `e`, `s`, `f`, `i`, `C` or `M`. */
  add(
    phase: string,
    thread: number,
    category: string,
    name: string,
    ns: number,
    fields: EventFields = {},
  ): void {
    this.#latest.set(thread, ns);
    this.#events.push(this.#text(phase, thread, category, name, ns, fields, ''));
  }

  /** Takes all events. Open slices are written as begun, and get a separate end event later. */
  take(): string[] {
    for (const slice of this.#open) {
      if (slice.place === WRITTEN) continue;
      const { place, thread, category, name, startNs } = slice;
      this.#events[place] = this.#text('B', thread, category, name, startNs, {}, '');
      slice.place = WRITTEN;
    }
    if (this.#reserved !== null) this.#reserved.place = WRITTEN;
    const events = this.#events.filter((event) => event !== '');
    this.#events = [];
    // The cache only saves time, and must not grow with the number of different names.
    if (this.#names.size > 4096) this.#names.clear();
    return events;
  }

  /** Closes all open slices, as the program ends inside them. */
  closeAll(endNs: number): void {
    while (this.#open.length > 0) this.end(endNs);
  }

  #text(
    phase: string,
    thread: number,
    category: string,
    name: string,
    ns: number,
    { id, binding, args }: EventFields,
    length: string,
  ): string {
    return (
      `{"name":${this.#quote(name)},"cat":"${category}","ph":"${phase}","ts":${micros(ns)}` +
      `${length},"pid":${this.#process},"tid":${thread}` +
      (id === undefined ? '' : `,"id":"${id}"`) +
      (binding === undefined ? '' : `,"bp":"${binding}"`) +
      (phase === 'i' ? ',"s":"t"' : '') +
      (args === undefined ? '}' : `,"args":${JSON.stringify(args)}}`)
    );
  }

  #quote(name: string): string {
    const short = name.length > NAME_MAX ? name.slice(0, NAME_MAX) : name;
    let quoted = this.#names.get(short);
    if (quoted === undefined) {
      quoted = JSON.stringify(short);
      this.#names.set(short, quoted);
    }
    return quoted;
  }
}

/** Nanoseconds as the format requires: microseconds with decimals. */
function micros(ns: number): string {
  return (ns / 1000).toFixed(3);
}
