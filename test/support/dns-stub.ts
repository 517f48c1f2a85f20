/** A name server of the tests' own, on loopback. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** What it knows of a name: addresses and how long they count, or what else it says. */
export interface StubName {
  a?: readonly string[];
  aaaa?: readonly string[];
  /** Seconds; default 60. */
  ttl?: number;
  /** 2: the server has failed; 3: there is no such name. Default 0. */
  rcode?: number;
  /** It hears and says nothing. */
  silent?: boolean;
}

const A = 1;
const AAAA = 28;

export class DnsStub {
  readonly names: Map<string, StubName> = new Map();
  /** What it was asked, as `A name` or `AAAA name`. */
  readonly asked: string[] = [];
  readonly #socket: Socket = createSocket('udp4');
  #open = true;

  static async start(names: Record<string, StubName>): Promise<DnsStub> {
    const stub = new DnsStub();
    for (const [name, known] of Object.entries(names)) stub.names.set(name, known);
    stub.#socket.on('message', (message, from) => stub.#answer(message, from));
    stub.#socket.bind(0, '127.0.0.1');
    await once(stub.#socket, 'listening');
    return stub;
  }

  /** For `servers`. */
  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  close(): void {
    if (this.#open) this.#socket.close();
    this.#open = false;
  }

  #answer(message: Buffer, from: RemoteInfo): void {
    const labels: string[] = [];
    let at = 12;
    for (let size = message[at]!; size > 0; size = message[at]!) {
      labels.push(message.toString('latin1', at + 1, at + 1 + size));
      at += size + 1;
    }
    const type = message.readUInt16BE(at + 1);
    const name = labels.join('.').toLowerCase();
    this.asked.push(`${type === A ? 'A' : 'AAAA'} ${name}`);
    const known = this.names.get(name) ?? { rcode: 3 };
    if (known.silent) return;
    const addresses = (type === A ? known.a : type === AAAA ? known.aaaa : undefined) ?? [];
    const records = addresses.map((address) => record(type, address, known.ttl ?? 60));
    const head = Buffer.alloc(12);
    message.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8180 | (known.rcode ?? 0), 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(records.length, 6);
    const question = message.subarray(12, at + 5);
    this.#socket.send(Buffer.concat([head, question, ...records]), from.port, from.address);
  }
}

/** A record of the name that was asked for. */
function record(type: number, address: string, ttl: number): Buffer {
  const data = type === A ? Buffer.from(address.split('.').map(Number)) : ipv6(address);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(ttl, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

/** Of an address with `::` in it. */
function ipv6(address: string): Buffer {
  const [before, after] = address.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = Array<string>(8 - before!.length - after!.length).fill('0');
  const words = [...before!, ...zeros, ...after!];
  return Buffer.from(words.map((word) => word.padStart(4, '0')).join(''), 'hex');
}
