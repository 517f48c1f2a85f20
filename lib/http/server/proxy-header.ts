/**
 * The header of the PROXY protocol, versions 1 and 2, in which a proxy that forwards bytes first
 * reports the client's address. It is parsed strictly, and never a byte more than the header is
 * read: what follows belongs to TLS or HTTP.
 */

/** The longest header of version 1, including CR LF. */
const LINE_MAX = 107;
/**
 * How many bytes may follow the fixed part of version 2: addresses, and other data of the proxy.
 */
export const PROXY_HEADER_MAX = 4096;

const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const WORD = Buffer.from('PROXY ', 'latin1');
/** The fixed part of version 2: signature, version and command, family, length. */
const FIXED = 16;
/** The shortest header of version 1 ("PROXY UNKNOWN"), and the shortest that has addresses. */
const UNKNOWN_LEAST = 15;
const TCP_LEAST = 32;

/** Version 2: the length of both addresses, by family and transport. */
const ADDRESS_BYTES: Record<number, number> = { 0x11: 12, 0x21: 36, 0x31: 216 };

/** The client that connected to the proxy: address and port; '' and 0 for a Unix socket. */
export interface ProxySource {
  readonly address: string;
  readonly port: number;
}

/** Parses a header while it is received. */
export class ProxyHeader {
  /** Whether the header is complete. */
  done = false;
  /** The client; null when the proxy connects on its own behalf, or does not know the client. */
  source: ProxySource | null = null;
  #bytes: Buffer = Buffer.alloc(FIXED + PROXY_HEADER_MAX);
  #length = 0;

  /** How many more bytes the header has at least; no more than these may be read at once. */
  get wanted(): number {
    const length = this.#length;
    const least = this.#isSecond() ? this.#leastOfSecond() : this.#leastOfFirst();
    return least - length;
  }

  /** Where to put them. */
  get room(): Buffer {
    return this.#bytes.subarray(this.#length, this.#length + this.wanted);
  }

  /**
   * Parses `count` bytes that were put into `room`. @throws Error that says what is wrong with the
   * header
   */
  took(count: number): void {
    this.#length += count;
    const bytes = this.#bytes.subarray(0, this.#length);
    const start = bytes.subarray(0, SIGNATURE.length);
    if (SIGNATURE.subarray(0, start.length).equals(start)) this.#second(bytes);
    else if (WORD.subarray(0, start.length).equals(start.subarray(0, WORD.length))) {
      this.#first(bytes.toString('latin1'));
    } else throw refused('it begins with neither PROXY nor the signature of version 2');
  }

  #isSecond(): boolean {
    return this.#length >= SIGNATURE.length && this.#bytes[0] === SIGNATURE[0];
  }

  #leastOfFirst(): number {
    const length = this.#length;
    // Enough bytes to tell the two versions apart.
    if (length < SIGNATURE.length) return SIGNATURE.length;
    if (length < UNKNOWN_LEAST) return UNKNOWN_LEAST;
    if (length < TCP_LEAST && this.#bytes.toString('latin1', 6, 9) === 'TCP') return TCP_LEAST;
    return this.#bytes[length - 1] === 13 ? length + 1 : length + 2;
  }

  #first(line: string): void {
    const end = line.indexOf('\n');
    if (end === -1) {
      // A CR must be followed by LF, which ends the line.
      if (/\r[^\n]/.test(line)) throw refused('a CR in it is not its end');
      if (line.length + 1 >= LINE_MAX && !line.endsWith('\r')) throw refused('it is too long');
      return;
    }
    if (line[end - 1] !== '\r') throw refused('it does not end in CR LF');
    if (line.length > LINE_MAX) throw refused('it is too long');
    this.source = sourceOf(line.slice(WORD.length, -2));
    this.done = true;
  }

  #leastOfSecond(): number {
    return this.#length < FIXED ? FIXED : FIXED + this.#bytes.readUInt16BE(14);
  }

  #second(bytes: Buffer): void {
    if (bytes.length < FIXED) return;
    const [command, family] = [bytes[12]!, bytes[13]!];
    const size = bytes.readUInt16BE(14);
    if (command >> 4 !== 2) throw refused(`it is of version ${command >> 4}`);
    if ((command & 15) > 1) throw refused(`nobody knows the command ${command & 15}`);
    if (size > PROXY_HEADER_MAX) throw refused(`it has ${size} bytes of addresses and more`);
    const isLocal = (command & 15) === 0;
    const least = isLocal || family === 0 ? 0 : ADDRESS_BYTES[family];
    if (least === undefined) throw refused(`it is of no stream (0x${family.toString(16)})`);
    if (size < least) throw refused('it ends within its addresses');
    if (bytes.length < FIXED + size) return;
    // For a proxy's own connection the rest has no meaning; without an address family only its
    // length is known.
    if (!isLocal && family !== 0) {
      checkMore(bytes.subarray(FIXED + least));
      this.source = addressOf(family, bytes.subarray(FIXED));
    }
    this.done = true;
  }
}

/** Skips the fields after the addresses: each is a type, a length and that many bytes. */
function checkMore(bytes: Buffer): void {
  let at = 0;
  while (at < bytes.length) {
    if (at + 3 > bytes.length) throw refused('it ends within what stands behind the addresses');
    at += 3 + bytes.readUInt16BE(at + 1);
  }
  if (at > bytes.length) throw refused('it ends within what stands behind the addresses');
}

function addressOf(family: number, bytes: Buffer): ProxySource {
  if (family === 0x31) return { address: '', port: 0 };
  if (family === 0x11) {
    return { address: [...bytes.subarray(0, 4)].join('.'), port: bytes.readUInt16BE(8) };
  }
  const groups = Array.from({ length: 8 }, (_, nth) => bytes.readUInt16BE(nth * 2).toString(16));
  return { address: plainForm(groups.join(':')), port: bytes.readUInt16BE(32) };
}

/** An IPv6 address in its shortest form; an IPv4-mapped one as IPv4. */
function plainForm(address: string): string {
  const written = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(written) ?? [];
  if (high === undefined) return written;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low!, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}

/** @param text - the line after "PROXY ", without CR LF */
function sourceOf(text: string): ProxySource | null {
  // The client is unknown; the rest of the line is to be ignored.
  if (/^UNKNOWN(?: |$)/.test(text)) return null;
  const [, family, from, to, port, toPort] =
    /^TCP([46]) ([\da-f.:]+) ([\da-f.:]+) (0|[1-9]\d{0,4}) (0|[1-9]\d{0,4})$/i.exec(text) ?? [];
  if (family === undefined) throw refused('its line is malformed');
  const { isIP } = process.getBuiltinModule('node:net');
  for (const address of [from!, to!]) {
    if (isIP(address) !== Number(family)) throw refused(`${address} is no address of IPv${family}`);
  }
  for (const each of [port, toPort]) {
    if (Number(each) > 65535) throw refused(`${each} is no port`);
  }
  return { address: family === '4' ? from! : plainForm(from!), port: Number(port) };
}

function refused(why: string): Error {
  return new Error(`the PROXY protocol's header is refused: ${why}`);
}
