// Records that no library would send, sealed with the keys of a real connection: a handshake of
// Node's goes through a relay, its key log tells the secrets, and then the relay speaks in the
// client's place. TLS 1.2 and 1.3 with AES-128-GCM.
import { createCipheriv, createHmac } from 'node:crypto';
import net, { type Socket } from 'node:net';
import tls from 'node:tls';

export const ALERT = 21;
export const HANDSHAKE = 22;
export const DATA = 23;

/** Requests new keys of TLS 1.3, and has new ones itself from then on. */
export const KEY_UPDATE: Buffer = Buffer.of(24, 0, 0, 1, 1);

const SUITES = { 'TLSv1.2': 'ECDHE-ECDSA-AES128-GCM-SHA256', 'TLSv1.3': 'TLS_AES_128_GCM_SHA256' };

export type Version = keyof typeof SUITES;

const hmac = (key: Buffer, ...data: Buffer[]): Buffer =>
  createHmac('sha256', key).update(Buffer.concat(data)).digest();

/** HKDF-Expand-Label of RFC 8446, up to one hash long. */
function expand(secret: Buffer, label: string, length: number): Buffer {
  const full = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.of(0, length, full.length), full, Buffer.of(0, 1)]);
  return hmac(secret, info).subarray(0, length);
}

/** The PRF of TLS 1.2 (RFC 5246, 5). */
function prf(secret: Buffer, seed: Buffer, length: number): Buffer {
  let out = Buffer.alloc(0);
  let a = seed;
  while (out.length < length) {
    a = hmac(secret, a);
    out = Buffer.concat([out, hmac(secret, a, seed)]);
  }
  return out.subarray(0, length);
}

/** Seals what one end says. */
interface Sealer {
  seal(type: number, body: Buffer): Buffer;
}

class Sealer13 implements Sealer {
  #secret: Buffer;
  #key: Buffer;
  #iv: Buffer;
  #sequence = 0n;

  constructor(secret: Buffer) {
    this.#secret = secret;
    this.#key = expand(secret, 'key', 16);
    this.#iv = expand(secret, 'iv', 12);
  }

  seal(type: number, body: Buffer): Buffer {
    const nonce = Buffer.from(this.#iv);
    nonce.writeBigUInt64BE(nonce.readBigUInt64BE(4) ^ this.#sequence++, 4);
    const head = Buffer.of(23, 3, 3, (body.length + 17) >> 8, (body.length + 17) & 255);
    const cipher = createCipheriv('aes-128-gcm', this.#key, nonce).setAAD(head);
    const sealed = [head, cipher.update(body), cipher.update(Buffer.of(type)), cipher.final()];
    sealed.push(cipher.getAuthTag());
    if (type === HANDSHAKE && body.equals(KEY_UPDATE)) this.renew();
    return Buffer.concat(sealed);
  }

  /** A key update was sent. */
  renew(): void {
    this.#secret = expand(this.#secret, 'traffic upd', 32);
    this.#key = expand(this.#secret, 'key', 16);
    this.#iv = expand(this.#secret, 'iv', 12);
    this.#sequence = 0n;
  }
}

class Sealer12 implements Sealer {
  readonly #key: Buffer;
  readonly #iv: Buffer;
  // The last message of the handshake was the first.
  #sequence = 1n;

  constructor(master: Buffer, randoms: { client: Buffer; server: Buffer }) {
    const seed = Buffer.concat([Buffer.from('key expansion'), randoms.server, randoms.client]);
    const block = prf(master, seed, 40);
    this.#key = block.subarray(0, 16);
    this.#iv = block.subarray(32, 36);
  }

  seal(type: number, body: Buffer): Buffer {
    const sequence = Buffer.alloc(8);
    sequence.writeBigUInt64BE(this.#sequence++);
    const about = Buffer.of(type, 3, 3, body.length >> 8, body.length & 255);
    const nonce = Buffer.concat([this.#iv, sequence]);
    const cipher = createCipheriv('aes-128-gcm', this.#key, nonce);
    cipher.setAAD(Buffer.concat([sequence, about]));
    const length = body.length + 24;
    const head = Buffer.of(type, 3, 3, length >> 8, length & 255);
    const sealed = [head, sequence, cipher.update(body), cipher.final(), cipher.getAuthTag()];
    return Buffer.concat(sealed);
  }
}

/** A connection whose handshake is through, and whose client is us from now on. */
export interface Forged {
  /** Sends records; what the server answers is read, unless `pause` was called. */
  say(records: Iterable<readonly [type: number, body: Buffer]>): Promise<void>;
  pause(): void;
  /** What Node's client makes of the server's answers. */
  readonly heard: () => string;
  /** Cuts the connection off: what was wrong has been found by then. */
  end(): void;
  /** Until the server has ended the connection. */
  readonly closed: Promise<void>;
  close(): void;
}

/** @param where - the path of a server on a Unix socket */
export async function forgedClient(where: string, ca: string, version: Version): Promise<Forged> {
  const target = net.connect(where);
  target.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => target.on('close', () => resolve()));
  let answered = Buffer.alloc(0);
  let ours: Socket | null = null;
  target.on('data', (data) => {
    if (answered.length < 64) answered = Buffer.concat([answered, data]);
    ours?.write(data);
  });
  const relay = net.createServer((socket) => {
    ours = socket;
    socket.on('error', () => undefined);
    socket.on('data', (data) => target.write(data));
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const secrets = new Map<string, string[]>();
  const client = tls.connect({
    port: (relay.address() as net.AddressInfo).port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca,
    minVersion: version,
    maxVersion: version,
    ciphers: SUITES[version],
  });
  let heard = '';
  client.on('error', () => undefined);
  client.on('data', (data: Buffer) => (heard += String(data)));
  client.on('keylog', (line: Buffer) => {
    const [name, ...values] = String(line).trim().split(' ');
    secrets.set(name!, values);
  });
  await new Promise<void>((resolve) => client.once('secureConnect', resolve));
  const hex = (name: string, n: number): Buffer => Buffer.from(secrets.get(name)![n]!, 'hex');
  const sealer =
    version === 'TLSv1.3'
      ? new Sealer13(hex('CLIENT_TRAFFIC_SECRET_0', 1))
      : new Sealer12(hex('CLIENT_RANDOM', 1), {
          client: hex('CLIENT_RANDOM', 0),
          // Behind the heads of the record and of the message, and the version.
          server: answered.subarray(11, 43),
        });
  return {
    say: async (records) => {
      for (const [type, body] of records) {
        if (target.destroyed) return;
        if (target.write(sealer.seal(type, body))) continue;
        await Promise.race([closed, new Promise((resolve) => target.once('drain', resolve))]);
      }
    },
    pause: () => void target.pause(),
    heard: () => heard,
    end: () => void target.end(),
    closed,
    close: () => {
      client.destroy();
      ours?.destroy();
      target.destroy();
      relay.close();
    },
  };
}
