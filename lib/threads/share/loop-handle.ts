/** LoopHandle: plain data that names a loop and what it shares, for other threads. */
import { describe } from '../../core/support/describe.ts';
import { RuntimeError } from '../../core/errors/errors.ts';
import { showsText } from '../../core/support/shows-text.ts';
import { loadAddon } from '../../native/load.ts';
import { FUNCTIONS_MAX } from './share.ts';
import type { Share, SharedFunctions } from './share.ts';

const KIND = 'oxbow.LoopHandle';
const VERSION = 1;

/** What is left of a LoopHandle after `postMessage`, `workerData` or JSON: its data. */
export interface LoopHandleData<F extends SharedFunctions = SharedFunctions> {
  readonly kind: string;
  readonly version: number;
  /** The process it is good in. */
  readonly process: string;
  /** Number of the loop. */
  readonly loop: number;
  /** Number of what is shared. */
  readonly share: number;
  /** The names that may be called. */
  readonly functions: ReadonlyArray<keyof F & string>;
  /** For the compiler alone: what `connectLoop` knows the functions by. */
  readonly types?: F;
}

/**
 * What `loop.share()` gives. Send it to other threads as it is (`workerData`, `postMessage`, even
 * as JSON): what arrives is its data, which `connectLoop` takes. The methods are for the thread
 * that shares.
 */
export class LoopHandle<F extends SharedFunctions = SharedFunctions> implements LoopHandleData<F> {
  readonly kind: string = KIND;
  readonly version: number = VERSION;
  readonly process: string;
  readonly loop: number;
  readonly share: number;
  readonly functions: ReadonlyArray<keyof F & string>;
  /** For the compiler alone. */
  declare readonly types?: F;
  // Private, so that it does not travel.
  readonly #share: Share;

  /** @internal */
  constructor(loop: number, number: number, share: Share) {
    this.process = loadAddon().processTag;
    this.loop = loop;
    this.share = number;
    this.functions = [...share.names];
    this.#share = share;
  }

  /**
   * Ends the sharing: calls that come later fail with a RuntimeError; what is running goes on. The
   * loop no longer waits for posts on its account. A second close does nothing.
   */
  close(): void {
    this.#share.close();
  }

  /** Whether it was closed, or its loop was. */
  isClosed(): boolean {
    return !this.#share.open;
  }

  /** Lets the process end, and `runSync` find a deadlock, although the loop is shared. */
  unref(): this {
    this.#share.hold(false);
    return this;
  }

  /** Takes `unref` back. */
  ref(): this {
    this.#share.hold(true);
    return this;
  }

  /**
   * The number of a function, for `post_call` of native/include/oxbow.h.
   * @throws RangeError when no function of this name is shared
   */
  functionId(name: keyof F & string): number {
    return functionNumber(this, name);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  toString(): string {
    return `<LoopHandle ${this.#share.open ? 'open' : 'closed'} ${this.functions.join(', ')}>`;
  }
}

showsText(LoopHandle);

/** @throws RangeError when no function of this name is shared */
export function functionNumber(handle: LoopHandleData<any>, name: string): number {
  const place = handle.functions.indexOf(name);
  if (place >= 0) return handle.share * FUNCTIONS_MAX + place;
  throw new RangeError(
    `${describe(name)} is not shared by this loop; ` +
      `shared are: ${handle.functions.join(', ') || 'no functions'}`,
  );
}

/**
 * Checks that something is the data of a handle that was made in this process.
 * @throws TypeError when it is no handle; RuntimeError when it is one of somewhere else
 */
export function checkHandle(value: unknown): LoopHandleData<any> {
  const handle = value as LoopHandleData<any> | null | undefined;
  if (typeof handle !== 'object' || handle === null || handle.kind !== KIND) {
    throw new TypeError(`connectLoop(): ${describe(value)} is not what loop.share() gave`);
  }
  const { version, process, loop, share, functions } = handle;
  if (version !== VERSION) {
    throw new RuntimeError(
      `connectLoop(): a handle of version ${describe(version)}; ` +
        `this package has version ${VERSION}`,
    );
  }
  if (process !== loadAddon().processTag) {
    throw new RuntimeError(
      'connectLoop(): the handle comes from another process, ' +
        'or from another copy of the package; it is good only where it was made',
    );
  }
  const numbers =
    Number.isSafeInteger(loop) &&
    loop > 0 &&
    Number.isSafeInteger(share) &&
    share > 0 &&
    share < 2 ** 32 / FUNCTIONS_MAX;
  const names =
    Array.isArray(functions) &&
    functions.length <= FUNCTIONS_MAX &&
    functions.every((name) => typeof name === 'string');
  if (!numbers || !names) throw new TypeError('connectLoop(): the handle is damaged');
  return handle;
}
