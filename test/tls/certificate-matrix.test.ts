// Every kind of certificate that a server may show, with a client of ours and one of Node's before
// the same server of Node's: both must say the same of it, and a server that is not who it should
// be must not see a byte.
import tls from 'node:tls';

import { openConnection, run } from 'oxbow';
import type { TlsOptions } from 'oxbow';

import {
  authority,
  clientCertificate,
  fingerprint,
  revocationList,
  serverCertificate,
} from '../support/certificates.ts';
import type { Issued } from '../support/certificates.ts';
import { bothHalves, NodeServer } from './halves.ts';

let root: Issued;
let between: Issued;
let stranger: Issued;

beforeAll(async () => {
  root = await authority('root');
  between = await authority('between', { issuer: root });
  stranger = await authority('stranger');
});

interface Case {
  readonly name: string;
  /** What the server shows. */
  readonly server: () => Promise<tls.TlsOptions>;
  readonly client?: () => Promise<TlsOptions>;
  /** What Node says of it; null when all is well. */
  readonly code: string | null;
  readonly host?: string;
}

const shows = async (issued: Promise<Issued> | Issued, more = ''): Promise<tls.TlsOptions> => {
  const { chain, key } = await issued;
  return { cert: chain + more, key };
};

const CASES: readonly Case[] = [
  { name: 'a good one', server: () => shows(serverCertificate(between)), code: null },
  {
    name: 'a good one with an RSA key',
    server: () => shows(serverCertificate(root, { key: 'rsa' })),
    code: null,
  },
  {
    name: 'one for an address',
    server: () => shows(serverCertificate(root, { dns: [], ips: ['127.0.0.1'] })),
    host: '127.0.0.1',
    code: null,
  },
  {
    name: 'one for another address',
    server: () => shows(serverCertificate(root, { dns: ['localhost'], ips: ['127.0.0.2'] })),
    host: '127.0.0.1',
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  },
  {
    name: 'one for another name',
    server: () => shows(serverCertificate(root, { dns: ['example.com'], ips: [] })),
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  },
  {
    name: 'a wildcard',
    server: () => shows(serverCertificate(root, { dns: ['*.example.com'], ips: [] })),
    client: async () => ({ servername: 'www.example.com' }),
    code: null,
  },
  {
    name: 'a wildcard for two labels',
    server: () => shows(serverCertificate(root, { dns: ['*.example.com'], ips: [] })),
    client: async () => ({ servername: 'a.www.example.com' }),
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  },
  {
    name: 'one that has expired',
    server: () => shows(serverCertificate(root, { validity: 'expired' })),
    code: 'CERT_HAS_EXPIRED',
  },
  {
    name: 'one that is not valid yet',
    server: () => shows(serverCertificate(root, { validity: 'future' })),
    code: 'CERT_NOT_YET_VALID',
  },
  {
    name: 'one that has signed itself',
    server: () => shows(serverCertificate(null)),
    code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  },
  {
    name: 'one of a stranger',
    server: () => shows(serverCertificate(stranger)),
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  },
  {
    name: 'one of a stranger, with the stranger',
    server: () => shows(serverCertificate(stranger), stranger.cert),
    code: 'SELF_SIGNED_CERT_IN_CHAIN',
  },
  { name: 'a chain with a hole', server: () => holed(), code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
  { name: 'a chain out of order', server: () => disordered(), code: null },
  {
    name: "a client's",
    server: () => shows(clientCertificate(root, 'localhost', { dns: ['localhost'] })),
    code: 'INVALID_PURPOSE',
  },
  {
    name: 'one that is revoked',
    server: async () => shows(await revoked()),
    client: async () => ({ crl: await revocationList(root, [await revoked()]) }),
    code: 'CERT_REVOKED',
  },
  {
    name: 'one that is not revoked',
    server: () => shows(serverCertificate(root)),
    client: async () => ({ crl: await revocationList(root, [await revoked()]) }),
    code: null,
  },
  {
    name: 'one whose issuer has no list',
    server: () => shows(serverCertificate(between)),
    client: async () => ({ crl: await revocationList(root, []) }),
    code: 'UNABLE_TO_GET_CRL',
  },
  {
    name: 'one whose list is old',
    server: () => shows(serverCertificate(root)),
    client: async () => ({ crl: await revocationList(root, [], 'expired') }),
    code: 'CRL_HAS_EXPIRED',
  },
  {
    name: 'one with a weak key',
    server: async () => ({
      ...(await shows(serverCertificate(root, { key: 'weak' }))),
      ciphers: 'DEFAULT@SECLEVEL=0',
      sigalgs: 'RSA+SHA256',
    }),
    client: async () => ({}),
    code: 'any',
  },
  {
    name: 'one that has expired, and nobody minds',
    server: () => shows(serverCertificate(null, { validity: 'expired' })),
    client: async () => ({ rejectUnauthorized: false }),
    code: null,
  },
  {
    name: 'a good one that the caller refuses',
    server: () => shows(serverCertificate(root)),
    client: async () => ({
      checkServerIdentity: (host, { subject }) =>
        Object.assign(new Error(`${host} ${subject.CN}`), { code: 'MINE' }),
    }),
    code: 'MINE',
  },
  {
    name: 'one of another name that the caller takes',
    server: () => shows(serverCertificate(root, { dns: ['example.com'], ips: [] })),
    client: async () => ({ checkServerIdentity: () => undefined }),
    code: null,
  },
];

let revokedOnce: Promise<Issued> | null = null;
const revoked = (): Promise<Issued> => (revokedOnce ??= serverCertificate(root));

async function holed(): Promise<tls.TlsOptions> {
  const { cert, key } = await serverCertificate(between);
  return { cert, key };
}

async function disordered(): Promise<tls.TlsOptions> {
  const low = await authority('low', { issuer: between });
  const { cert, key } = await serverCertificate(low);
  return { cert: cert + between.cert + root.cert + low.cert, key };
}

describe.each(bothHalves())('through %s', (_name, half) => {
  beforeAll(half.use);
  afterAll(half.restore);

  test.each(CASES)('$name', async ({ server, client, code, host = 'localhost' }) => {
    const options: TlsOptions = { ca: root.cert, ...(await client?.()) };
    await using peer = await NodeServer.start(await server());
    const ours = await outcome(() =>
      run(async () => {
        const [reader, writer] = await openConnection(host, peer.port, { tls: options });
        writer.write('secret');
        await reader.readexactly(6);
        writer.close();
        await writer.waitClosed();
      }),
    );
    const seen = peer.received;
    const theirs = await outcome(() =>
      nodeClient(host, peer.port, options as tls.ConnectionOptions),
    );
    expect(ours).toBe(theirs);
    if (code === 'any') expect(ours).not.toBe(null);
    else expect(ours).toBe(code);
    expect(seen).toBe(code === null ? 'secret' : '');
  });

  test('a fingerprint counts besides the chain, or alone', async () => {
    const known = await serverCertificate(root);
    const selfSigned = await serverCertificate(null);
    const other = fingerprint(await serverCertificate(root));
    const attempts: [Issued, TlsOptions, string | null][] = [
      [known, { fingerprints: fingerprint(known) }, null],
      [known, { fingerprints: [other, fingerprint(known)] }, null],
      [known, { fingerprints: other }, 'ERR_TLS_FINGERPRINT_MISMATCH'],
      [selfSigned, { fingerprints: fingerprint(selfSigned) }, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
      [selfSigned, { fingerprints: fingerprint(selfSigned), rejectUnauthorized: false }, null],
      [
        selfSigned,
        { fingerprints: other, rejectUnauthorized: false },
        'ERR_TLS_FINGERPRINT_MISMATCH',
      ],
    ];
    for (const [shown, options, code] of attempts) {
      await using peer = await NodeServer.start({ cert: shown.chain, key: shown.key });
      const ours = await outcome(() =>
        run(async () => {
          const tlsOptions = { ca: root.cert, ...options };
          const [, writer] = await openConnection('localhost', peer.port, { tls: tlsOptions });
          writer.close();
          await writer.waitClosed();
        }),
      );
      expect(ours).toBe(code);
    }
  });
});

/** The code of what it fails with; null when it does not. */
async function outcome(call: () => PromiseLike<unknown>): Promise<string | null> {
  try {
    await call();
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

function nodeClient(host: string, port: number, options: tls.ConnectionOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ host, port, ...options }, () => {
      socket.end();
      resolve();
    });
    socket.on('error', reject);
  });
}
