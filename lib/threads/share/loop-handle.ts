/** LoopHandle: plain data that identifies a loop and its shared functions, for other threads. */
import { describe } from '../../core/support/describe.ts';
import { RuntimeError } from '../../core/errors/errors.ts';
import { showsText } from '../../core/support/shows-text.ts';
import { loadAddon } from '../../native/load.ts';
import { FUNCTIONS_MAX } from './share.ts';
import type { Share, SharedFunctions } from './share.ts';

const KIND = 'oxbow.LoopHandle';
const VERSION = 1;

/** A LoopHandle after `postMessage`, `workerData` or JSON: its data without methods. */
export interface LoopHandleData<F extends SharedFunctions = SharedFunctions> {
  readonly kind: string;
  readonly version: number;
  /** Identifies the process in which it is valid. */
  readonly process: string;
  /** Number of the loop. */
  readonly loop: number;
  /** Number of the share. */
  readonly share: number;
  /** The names of the shared functions. */
  readonly functions: ReadonlyArray<keyof F & string>;
  /** Only for the compiler: the types of the functions, for `connectLoop`. */
  readonly types?: F;
}

/**
 * Returned by `loop.share()`. Send it to other threads as it is (`workerData`, `postMessage`, even
 * as JSON): what arrives is its data, which `connectLoop` accepts. The methods are for the sharing
 * thread.
 */
export class LoopHandle<F extends SharedFunctions = SharedFunctions> implements LoopHandleData<F> {
  readonly kind: string = KIND;
  readonly version: number = VERSION;
  readonly process: string;
  readonly loop: number;
  readonly share: number;
  readonly functions: ReadonlyArray<keyof F & string>;
  /** Only for the compiler. */
  declare readonly types?: F;
  // Private, so that it is not cloned.
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
   * Ends the sharing: later calls fail with a RuntimeError; running calls continue. The loop no
   * longer waits for calls to it. A second close does nothing.
   */
  close(): void {
    this.#share.close();
  }

  /** Whether it was closed, or its loop was. */
  isClosed(): boolean {
    return !this.#share.open;
  }

  /** Stops the share from keeping the process alive, and `runSync` from waiting for calls. */
  unref(): this {
    this.#share.hold(false);
    return this;
  }

  /** Undoes `unref`. */
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
 * Checks that a value is the data of a handle that was created in this process.
 * @throws TypeError when it is not a handle; RuntimeError when it is from another process or
 *   version
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
