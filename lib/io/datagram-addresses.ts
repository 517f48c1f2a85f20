/**
 * Addresses of datagrams, in the format of the rings and in that of users. Sender addresses are
 * cached: a peer that sends a million datagrams is one array. The tables are cleared when they are
 * full, so a flood of forged addresses cannot make them grow.
 */
import { describe } from '../core/support/describe.ts';
import type { NativeEngine } from '../native/binding.ts';
import {
  PEER_BYTES,
  PEER_FAMILY,
  PEER_PORT,
  PEER_SCOPE,
  PEER_UNIX,
  PEER_WORDS,
  PEER_WORDS_MAX,
  PORT_UNIX,
} from '../native/layout.ts';
import type { AnySocketAddress, SocketAddress } from './transport-socket.ts';

/** An address in the format of the rings. */
export interface PackedAddress {
  readonly family: 4 | 6 | 'unix';
  /** `PEER_WORDS` words, or as many as a path needs. */
  readonly bytes: Uint8Array;
}

const KNOWN_MAX = 1024;

/** Keyed by one number for IPv4 and port, and by all its words for IPv6. */
const known: Map<number | string, SocketAddress> = new Map();
/** The arrays of `known`, which nobody can change. */
let packedOfKnown: WeakMap<SocketAddress, PackedAddress> = new WeakMap();
/** Keyed by host and port, for arrays that users created. */
const packedByText: Map<string, PackedAddress> = new Map();
/** Paths of Unix sockets. */
const packedByPath: Map<string, PackedAddress> = new Map();

/** The address whose words begin at `at`: a path, or a cached frozen array. */
export function unpackAddress(
  engine: NativeEngine,
  words: Uint32Array,
  at: number,
): AnySocketAddress {
  const family = words[at + PEER_FAMILY];
  if (family === PEER_UNIX) return pathAt(words, at);
  // The sender has no name.
  if (family === 0) return '';
  const isV4 = family === 4;
  const port = words[at + PEER_PORT]!;
  const key = isV4 ? words[at + PEER_BYTES]! * 65536 + port : keyOfV6(words, at);
  const found = known.get(key);
  if (found !== undefined) return found;
  const bytes = new Uint8Array(words.slice(at, at + PEER_WORDS).buffer);
  const host = isV4 ? bytes.subarray(PEER_BYTES * 4, PEER_BYTES * 4 + 4).join('.') : '';
  const address = Object.freeze([host || engine.formatHost(bytes), port] as const);
  if (known.size >= KNOWN_MAX) {
    known.clear();
    packedOfKnown = new WeakMap();
  }
  known.set(key, address);
  packedOfKnown.set(address, { family: isV4 ? 4 : 6, bytes });
  return address;
}

function pathAt(words: Uint32Array, at: number): string {
  const from = words.byteOffset + (at + PEER_BYTES) * 4;
  return Buffer.from(words.buffer as ArrayBuffer, from, words[at + PEER_PORT]).toString('utf8');
}

function keyOfV6(words: Uint32Array, at: number): string {
  const from = at + PEER_BYTES;
  return (
    `${words[at + PEER_PORT]} ${words[at + PEER_SCOPE]} ${words[from]} ` +
    `${words[from + 1]} ${words[from + 2]} ${words[from + 3]}`
  );
}

/**
 * The path of a Unix socket to send to.
 * @throws TypeError for anything but a path; RangeError for one that is too long or has a NUL
 * inside
 */
export function packPath(engine: NativeEngine, path: AnySocketAddress): PackedAddress {
  if (typeof path !== 'string' || path === '') {
    const given = describe(path);
    throw new TypeError(`address: that of a Unix socket is its path, not ${given}`);
  }
  const found = packedByPath.get(path);
  if (found !== undefined) return found;
  const bytes = new Uint8Array(PEER_WORDS_MAX * 4);
  const count = engine.parseHost(path, PORT_UNIX, bytes);
  if (count === 0) {
    throw new RangeError(
      'address: the path of a Unix socket has about 100 bytes at most, and a NUL only at its ' +
        `beginning; ${describe(path)} has ${Buffer.byteLength(path)} bytes`,
    );
  }
  const packed: PackedAddress = { family: 'unix', bytes: bytes.slice(0, count * 4) };
  if (packedByPath.size >= KNOWN_MAX) packedByPath.clear();
  packedByPath.set(path, packed);
  return packed;
}

/**
 * An address to send to.
 * @throws TypeError unless it is a `[host, port]` array; RangeError for a host that is not numeric,
 * or a port out of range
 */
export function packAddress(engine: NativeEngine, address: AnySocketAddress): PackedAddress {
  const given =
    typeof address === 'object' && address !== null ? packedOfKnown.get(address) : undefined;
  if (given !== undefined) return given;
  checkAddress(address);
  const [host, port] = address;
  const key = `${port} ${host}`;
  const found = packedByText.get(key);
  if (found !== undefined) return found;
  const words = new Uint32Array(PEER_WORDS_MAX);
  const all = new Uint8Array(words.buffer);
  const name = host === '<broadcast>' ? '255.255.255.255' : host;
  if (engine.parseHost(name, port, all) === 0) {
    throw new RangeError(
      `address: the host must be a numeric address, not ${describe(host)}; ` +
        'getaddrinfo() finds the addresses of a name',
    );
  }
  const bytes = all.slice(0, PEER_WORDS * 4);
  const packed: PackedAddress = { family: words[PEER_FAMILY] === 6 ? 6 : 4, bytes };
  if (packedByText.size >= KNOWN_MAX) packedByText.clear();
  packedByText.set(key, packed);
  return packed;
}

function checkAddress(address: unknown): asserts address is SocketAddress {
  if (!Array.isArray(address) || address.length !== 2 || typeof address[0] !== 'string') {
    throw new TypeError(`address must be [host, port], not ${describe(address)}`);
  }
  const port: unknown = address[1];
  if (typeof port === 'number' && Number.isInteger(port) && port > 0 && port <= 65535) return;
  throw new RangeError(
    `address: the port must be an integer from 1 to 65535, not ${describe(port)}`,
  );
}

/** Whether both are the same path, or the same host and port, compared as written. */
export function sameAddress(one: AnySocketAddress, other: unknown): boolean {
  return (
    one === other ||
    (Array.isArray(other) && other.length === 2 && one[0] === other[0] && one[1] === other[1])
  );
}
