/**
 * Streams over existing descriptors: ends of pipes, sockets, terminals, files. Their kind is
 * detected; C++ then reads and writes them without ever blocking.
 */
import { errnoError, errnoOf } from '../core/errors/errno.ts';
import { RuntimeError } from '../core/errors/errors.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import { describe } from '../core/support/describe.ts';
import type { MessageLimits } from '../native/binding.ts';
import {
  CONTROL_LAST_GENERATION,
  DESCRIPTOR_DEVICE,
  DESCRIPTOR_FILE,
  DESCRIPTOR_KIND,
  DESCRIPTOR_PIPE,
  DESCRIPTOR_READABLE,
  DESCRIPTOR_SHARED,
  DESCRIPTOR_SOCKET,
  DESCRIPTOR_TERMINAL,
  DESCRIPTOR_WRITABLE,
} from '../native/layout.ts';

/** The kinds of descriptors; the native side detects which it is. */
export type DescriptorKind = 'socket' | 'pipe' | 'terminal' | 'device' | 'file';

const KINDS: Readonly<Record<number, DescriptorKind>> = {
  [DESCRIPTOR_SOCKET]: 'socket',
  [DESCRIPTOR_PIPE]: 'pipe',
  [DESCRIPTOR_TERMINAL]: 'terminal',
  [DESCRIPTOR_DEVICE]: 'device',
  [DESCRIPTOR_FILE]: 'file',
};

const NAMES: Readonly<Record<DescriptorKind, string>> = {
  socket: 'a socket',
  pipe: 'a pipe',
  terminal: 'a terminal',
  device: 'a device',
  file: 'a regular file',
};

/** How a descriptor is to be used. */
export interface AdoptOptions {
  /** Whether it is read from. */
  readable: boolean;
  /** Whether it is written to. */
  writable: boolean;
  /**
   * Other processes use it too: it stays open, and its flags are not changed (a terminal made
   * non-blocking would be so for the shell as well). Default: the stream owns and closes it.
   */
  shared?: boolean;
  /** The allowed kinds; default: everything that can be waited for, that is, all but files. */
  kinds?: readonly DescriptorKind[];
  /** `SOCKET_HTTP_CLIENT` of the layout when it is read as responses; default none. */
  flags?: number;
  /** Of those responses; null, the default, for the usual ones. */
  limits?: MessageLimits | null;
}

/** A handle over the descriptor, without a target yet: a `Transport` or another NativeStream. */
export interface Adopted {
  handle: number;
  generation: number;
  kind: DescriptorKind;
}

const WAITABLE: readonly DescriptorKind[] = ['socket', 'pipe', 'terminal', 'device'];

/**
 * A native stream over a descriptor that this loop did not create.
 *
 * If it is only written to, `_onEnd()` means that the reading end was closed.
 *
 * @param where - the call whose argument this is, for errors: `connectReadPipe()`
 * @throws RangeError when it is not a descriptor, of another kind, or not open in that direction;
 * an error with a `code` when the system refuses; RuntimeError when another transport of the loop
 * uses it, or the loop's time is virtual. The descriptor is then as it was, and the caller's
 */
export function adoptStream(
  loop: EventLoop,
  descriptor: number,
  where: string,
  options: AdoptOptions,
): Adopted {
  const { readable, writable, shared = false, kinds = WAITABLE } = options;
  const { flags = 0, limits = null } = options;
  checkDescriptor(where, descriptor);
  const engine = loop._engine;
  const traits = engine.examine(descriptor);
  if (traits < 0) throw errnoError(traits, 'fstat');
  const kind = KINDS[traits & DESCRIPTOR_KIND];
  if (kind === undefined || !kinds.includes(kind)) {
    const is = kind === undefined ? 'nothing that bytes stream through' : NAMES[kind];
    const wanted = kinds.map((each) => NAMES[each]).join(', ');
    throw new RangeError(`${where}: descriptor ${descriptor} is ${is}; it must be ${wanted}`);
  }
  for (const [wanted, bit, direction] of [
    [readable, DESCRIPTOR_READABLE, 'reading'],
    [writable, DESCRIPTOR_WRITABLE, 'writing'],
  ] as const) {
    if (!wanted || (traits & bit) !== 0) continue;
    throw new RangeError(`${where}: descriptor ${descriptor} is not open for ${direction}`);
  }
  const use =
    (traits & DESCRIPTOR_KIND) |
    (readable ? DESCRIPTOR_READABLE : 0) |
    (writable ? DESCRIPTOR_WRITABLE : 0) |
    (shared ? DESCRIPTOR_SHARED : 0);
  const handle = engine.adopt(descriptor, use, flags, limits);
  if (handle === errnoOf('EBUSY')) {
    throw new RuntimeError(`${where}: descriptor ${descriptor} is used by a transport`);
  }
  if (handle === errnoOf('EOPNOTSUPP')) {
    throw new RuntimeError(`${where}: a loop in virtual time has no descriptors of the system`);
  }
  if (handle < 0) throw errnoError(handle, 'fcntl');
  return { handle, generation: loop._rings.control[CONTROL_LAST_GENERATION]!, kind };
}

/** @throws RangeError unless `descriptor` is a possible descriptor number */
export function checkDescriptor(where: string, descriptor: unknown): void {
  if (typeof descriptor === 'number' && Number.isInteger(descriptor) && descriptor >= 0) return;
  const given = describe(descriptor);
  throw new RangeError(`${where}: a descriptor is a non-negative integer, not ${given}`);
}
