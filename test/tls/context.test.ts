// What a TlsContext is made of is checked when it is made: nothing that is wrong with it waits for
// the first connection.
import { createPrivateKey } from 'node:crypto';
import { createSecureContext } from 'node:tls';

import { run, sleep, TlsContext } from 'oxbow';
import { tlsContextOf } from '#lib/tls/context.js';
import type { TlsSettings } from '#lib/tls/settings.js';

import {
  authority,
  fingerprint,
  revocationList,
  serverCertificate,
} from '../support/certificates.ts';
import type { Issued } from '../support/certificates.ts';

let root: Issued;
let between: Issued;
let server: Issued;
let other: Issued;
let ofRsa: Issued;

beforeAll(async () => {
  root = await authority('root');
  between = await authority('between', { issuer: root });
  server = await serverCertificate(between);
  other = await serverCertificate(root, { dns: ['other.test'] });
  ofRsa = await serverCertificate(root, { key: 'rsa' });
});

const settings = (options?: object): TlsSettings => new TlsContext(options)._settings;

function refusal(options: object): { name: string; message: string; code?: string } {
  try {
    new TlsContext(options);
  } catch (error) {
    const { name, message, code } = error as NodeJS.ErrnoException;
    return code === undefined ? { name, message } : { name, message, code };
  }
  return { name: 'none', message: '' };
}

test('certificates and keys find each other', () => {
  const { pairs } = settings({ cert: [server.chain, ofRsa.cert], key: [ofRsa.key, server.key] });
  expect(pairs.map(({ chain }) => chain.match(/BEGIN/g)!.length)).toEqual([2, 1]);
  expect(createPrivateKey(pairs[0]!.key).equals(createPrivateKey(server.key))).toBe(true);
  expect(createPrivateKey(pairs[1]!.key).equals(createPrivateKey(ofRsa.key))).toBe(true);
});

test('a key comes as text, bytes, an object, encrypted', () => {
  const plain = createPrivateKey(server.key);
  const secret = { format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'pw' } as const;
  const encrypted = plain.export(secret) as string;
  const keys = [
    { key: server.key },
    { key: Buffer.from(server.key) },
    { key: new Uint8Array(Buffer.from(server.key)) },
    { key: plain },
    { key: encrypted, passphrase: 'pw' },
    { key: { pem: encrypted, passphrase: 'pw' } },
    { key: [{ pem: Buffer.from(encrypted) }], passphrase: 'pw' },
    { key: server.chain + server.key, cert: server.chain + server.key },
  ];
  for (const options of keys) {
    const [pair] = settings({ cert: Buffer.from(server.chain), ...options }).pairs;
    expect(createPrivateKey(pair!.key).equals(plain)).toBe(true);
  }
});

test('what cannot be used is refused, and said', () => {
  const encrypted = createPrivateKey(server.key).export({
    format: 'pem',
    type: 'pkcs8',
    cipher: 'aes-256-cbc',
    passphrase: 'pw',
  }) as string;
  const { cert, key, chain } = server;
  const damaged = cert.replace(/^(.*\n)..../, '$1AAAA');
  const cases: [options: object, name: string, message: RegExp, code?: string][] = [
    [{ cert }, 'TypeError', /cert is given, but the key of it is not/],
    [
      { cert, key: other.key },
      'RangeError',
      /cert: the key is not that of its certificate \(CN=localhost\)/,
      'ERR_OSSL_X509_KEY_VALUES_MISMATCH',
    ],
    [
      { cert: between.cert + cert, key },
      'RangeError',
      /the key is that of certificate 2 in it, which must be the first/,
    ],
    [
      { cert: chain, key: [key, other.key] },
      'RangeError',
      /key: there is one that belongs to no certificate/,
    ],
    [{ key }, 'RangeError', /key: there is one that belongs to no certificate/],
    [
      { cert: [cert, other.cert], key: [key, other.key] },
      'RangeError',
      /cert: two of them have keys of one type \(ec\).*as 'sni'/,
    ],
    [{ cert: 'junk', key }, 'RangeError', /cert: there is no certificate in PEM in it/],
    [{ cert: damaged, key }, 'RangeError', /cert: certificate 1 of 1 is damaged/],
    [{ cert: 5, key }, 'TypeError', /cert must be PEM, as text or bytes, got 5/],
    [{ cert, key: 'junk' }, 'RangeError', /key: there is no private key in PEM in it/],
    [{ cert, key: cert }, 'RangeError', /key: there is no private key in PEM in it/],
    [{ cert, key: encrypted }, 'RangeError', /key: it is encrypted, and there is no passphrase/],
    [
      { cert, key: encrypted, passphrase: 'no' },
      'RangeError',
      /key: it cannot be decrypted with this passphrase/,
    ],
    [{ cert, key: 5 }, 'TypeError', /key must be PEM, \{ pem, passphrase \} or a KeyObject, got 5/],
    [{ cert, key, passphrase: 5 }, 'TypeError', /passphrase must be a string, got number/],
    [{ pfx: 'text' }, 'TypeError', /pfx must be the bytes of a PKCS#12 archive/],
    [{ pfx: Buffer.from('junk') }, 'RangeError', /pfx: the archive cannot be opened/],
    [{ ca: 'junk' }, 'RangeError', /ca: there is no certificate in PEM in it/],
    [{ ca: damaged }, 'RangeError', /ca: certificate 1 of 1 is damaged/],
    [{ ca: [cert, key] }, 'RangeError', /ca: there is no certificate/],
    [{ crl: 'junk' }, 'RangeError', /crl: there is no list of revoked certificates/],
    [{ crl: cert }, 'RangeError', /crl: there is no list of revoked certificates/],
    [
      { crl: '-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----' },
      'RangeError',
      /crl: it is damaged/,
    ],
    [
      { ciphers: 'NONSENSE' },
      'RangeError',
      /ciphers: OpenSSL does not take it .*no cipher match/,
      'ERR_SSL_NO_CIPHER_MATCH',
    ],
    [{ ciphers: 'TLS_NONSENSE' }, 'RangeError', /ciphers: OpenSSL does not take it/],
    [{ ciphers: '' }, 'RangeError', /ciphers is empty/],
    [{ sigalgs: 'NONSENSE' }, 'RangeError', /sigalgs: OpenSSL does not take it/],
    [{ ecdhCurve: 'nonsense' }, 'RangeError', /ecdhCurve: OpenSSL does not take it/],
    [
      { minVersion: 'TLSv1' },
      'RangeError',
      /minVersion must be 'TLSv1.2' or 'TLSv1.3', got 'TLSv1'/,
    ],
    [{ maxVersion: 1.3 }, 'TypeError', /maxVersion must be/],
    [
      { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' },
      'RangeError',
      /minVersion TLSv1.3 is above maxVersion TLSv1.2/,
    ],
    [
      { ALPNProtocols: 'http/1.1' },
      'TypeError',
      /ALPNProtocols must be a list of names, got 'http\/1.1'/,
    ],
    [{ ALPNProtocols: [5] }, 'TypeError', /ALPNProtocols must be a list of strings/],
    [{ ALPNProtocols: [''] }, 'RangeError', /a name has 1 to 255 bytes, not 0/],
    [{ ALPNProtocols: ['x'.repeat(256)] }, 'RangeError', /a name has 1 to 255 bytes, not 256/],
    [{ ticketKeys: Buffer.alloc(47) }, 'RangeError', /ticketKeys must have 48 bytes, not 47/],
    [{ session: 'x' }, 'TypeError', /session must be bytes, got 'x'/],
    [{ servername: 5 }, 'TypeError', /servername must be a string, got 5/],
    [{ servername: 'a b' }, 'RangeError', /servername "a b" is no name of a host/],
    [{ fingerprints: 'AB:CD' }, 'RangeError', /fingerprints: "AB:CD" is no SHA-256/],
    [{ fingerprints: [Buffer.alloc(20)] }, 'RangeError', /fingerprints: 20 bytes is no SHA-256/],
    [{ fingerprints: 5 }, 'TypeError', /fingerprints must be SHA-256/],
    [{ handshakeTimeout: 0 }, 'RangeError', /handshakeTimeout must be more than 0, not 0/],
    [{ shutdownTimeout: '5 parsecs' }, 'TypeError', /shutdownTimeout: "5 parsecs" is no duration/],
    [{ keylog: 'file' }, 'TypeError', /keylog must be a function, got 'file'/],
    [{ rejectUnauthorized: 0 }, 'TypeError', /rejectUnauthorized must be true or false, got 0/],
    [
      { rejectUnauthorised: false },
      'TypeError',
      /no option 'rejectUnauthorised'; did you mean 'rejectUnauthorized'\?/,
    ],
    [{ SNICallback: () => {} }, 'TypeError', /no option 'SNICallback': give the function as 'sni'/],
    [
      { secureContext: createSecureContext() },
      'TypeError',
      /a SecureContext of node:tls cannot be shared/,
    ],
    [createSecureContext(), 'TypeError', /a SecureContext of node:tls cannot be shared/],
    [{ sni: [] }, 'TypeError', /sni must be an object of names, or a function/],
    [{ sni: { 'a*b': { cert, key } } }, 'RangeError', /sni: "a\*b" is no name of a host/],
    [{ sni: { a: { cert } } }, 'TypeError', /sni\['a'\]: cert is given, but the key of it is not/],
    [{ sni: { a: {} } }, 'TypeError', /sni\['a'\]: cert and key, or pfx, are missing/],
    [{ sni: { a: { cert, key, ca: cert } } }, 'TypeError', /sni\['a'\]: there is no option 'ca'/],
    [{ sni: { a: createSecureContext() } }, 'TypeError', /sni\['a'\]: a SecureContext of node:tls/],
  ];
  for (const [options, name, message, code] of cases) {
    const error = refusal(options);
    expect([error.name, error.message]).toEqual([name, expect.stringMatching(message)]);
    if (code !== undefined) expect(error.code).toBe(code);
  }
});

test('a key that is too weak for OpenSSL is refused', async () => {
  const weak = await serverCertificate(root, { key: 'weak' });
  const { name, message, code } = refusal({ cert: weak.cert, key: weak.key });
  expect([name, message, code]).toEqual([
    'RangeError',
    expect.stringMatching(/cert: OpenSSL does not take it .*key too small/),
    'ERR_SSL_EE_KEY_TOO_SMALL',
  ]);
});

test('no message shows a key or a passphrase', () => {
  for (const options of [
    { cert: server.cert, key: server.key, passphrase: { secret: 'hunter2' } },
    {
      cert: server.cert,
      key: { pem: server.key, passphrase: 'hunter2', more: 1 },
      minVersion: 'x',
    },
    { cert: server.cert, key: other.key, passphrase: 'hunter2' },
  ]) {
    const { name, message } = refusal(options);
    expect(name).not.toBe('none');
    expect(message).not.toMatch(/hunter2|BEGIN/);
  }
});

test('what is not said is as Node has it', () => {
  const all = settings();
  expect(all).toMatchObject({
    pairs: [],
    archives: [],
    ca: null,
    crl: [],
    minVersion: 0x0303,
    maxVersion: 0x0304,
    cipherSuites: expect.stringMatching(/^TLS_AES_256_GCM_SHA384:/),
    cipherList: expect.stringMatching(/^ECDHE-/),
    sigalgs: null,
    curves: null,
    requestCert: false,
    rejectUnauthorized: true,
    fingerprints: [],
    honorCipherOrder: true,
    sessionTimeout: 300,
    servername: null,
    checkServerIdentity: null,
    sni: null,
    handshakeTimeout: 60,
    shutdownTimeout: 30,
  });
  expect(all.alpn).toHaveLength(0);
  expect(settings({ ecdhCurve: 'auto' }).curves).toBe(null);
});

test('what is said is taken over', async () => {
  const crl = await revocationList(root, [other]);
  const digest = fingerprint(server);
  const all = settings({
    ca: [root.cert + between.cert, Buffer.from(other.cert)],
    crl,
    ALPNProtocols: ['h2', 'http/1.1'],
    minVersion: 'TLSv1.3',
    ciphers: 'TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES128-GCM-SHA256',
    fingerprints: [digest, digest.replaceAll(':', '').toLowerCase()],
    sessionTimeout: '1m',
    handshakeTimeout: '500ms',
    ticketKeys: Buffer.alloc(48, 7),
    servername: 'example.com',
  });
  expect(all.ca).toHaveLength(3);
  expect(all.crl).toHaveLength(1);
  expect(all.alpn.toString('latin1')).toBe('\x02h2\x08http/1.1');
  expect([all.minVersion, all.cipherSuites, all.cipherList]).toEqual([
    0x0304,
    'TLS_AES_128_GCM_SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
  ]);
  expect(all.fingerprints.map((one) => one.length)).toEqual([32, 32]);
  expect(all.fingerprints[0]!.equals(all.fingerprints[1]!)).toBe(true);
  expect([all.sessionTimeout, all.handshakeTimeout]).toEqual([60, 0.5]);
});

test('memory that was given is copied', () => {
  const keys = Buffer.alloc(48, 7);
  const all = settings({ ticketKeys: keys, session: keys });
  keys.fill(0);
  expect([all.ticketKeys![0], all.session![0]]).toEqual([7, 7]);
});

test('an update adds to what there is, or changes nothing', () => {
  const context = new TlsContext({ cert: server.chain, key: server.key, sessionTimeout: 60 });
  const before = context._settings;
  let told = 0;
  const stop = context._onUpdate(() => told++);
  expect(() => context.update({ cert: other.cert })).toThrow(/the key is not that of/);
  expect(() => context.update({ nonsense: 1 } as never)).toThrow(/no option 'nonsense'/);
  expect([context._settings === before, told]).toEqual([true, 0]);
  context.update({ cert: other.cert, key: other.key });
  expect(context._settings.pairs).toHaveLength(1);
  expect(context._settings.pairs[0]!.chain).toBe(`${other.cert.trim()}\n`);
  expect([context._settings.sessionTimeout, told]).toEqual([60, 1]);
  expect(context._settings.lineage).toBe(before.lineage);
  context.update({ sessionTimeout: undefined });
  expect(context._settings.sessionTimeout).toBe(300);
  stop();
  context.update({ sessionTimeout: 5 });
  expect(told).toBe(2);
});

test('what the option may be', () => {
  const { cert, key } = server;
  const context = new TlsContext({ cert, key });
  for (const none of [undefined, null, false]) {
    expect(tlsContextOf('f()', none, 'client')).toBe(null);
  }
  expect(tlsContextOf('f()', context, 'server')).toBe(context);
  expect(tlsContextOf('f()', true, 'client')).toBe(tlsContextOf('f()', true, 'client'));
  expect(tlsContextOf('f()', { cert, key }, 'server')).toBeInstanceOf(TlsContext);
  const wrong: [unknown, 'client' | 'server', RegExp][] = [
    [5, 'client', /^f\(\): tls must be true, an object of options or a TlsContext, got 5$/],
    [{ certs: cert }, 'client', /^f\(\): tls: there is no option 'certs'; did you mean 'cert'\?/],
    [createSecureContext(), 'server', /a SecureContext of node:tls cannot be shared/],
    [true, 'server', /a server needs cert and key, pfx, or sni/],
    [{}, 'server', /a server needs cert and key, pfx, or sni/],
    [{ requestCert: true }, 'client', /'requestCert' is for a server, and this is a client/],
    [{ sni: {} }, 'client', /'sni' is for a server/],
    [{ cert, key, servername: 'x' }, 'server', /'servername' is for a client/],
    [{ cert, key, checkServerIdentity: () => undefined }, 'server', /is for a client/],
  ];
  for (const [tls, side, message] of wrong) {
    expect(() => tlsContextOf('f()', tls, side)).toThrow(message);
  }
});

test('a name leads to its certificate, the exact one before a wildcard', () =>
  run(function* () {
    const loop = null as never;
    const { cert, key } = server;
    const changing = new TlsContext({ cert, key });
    const { sni } = settings({
      sni: {
        '*.example.com': { cert, key },
        'www.example.com': { cert: other.cert, key: other.key },
        'changing.test': changing,
      },
    });
    const chainOf = (name: string): string | undefined =>
      (sni!.find(name, loop) as TlsSettings | null)?.pairs[0]!.chain;
    const [first, second] = [cert, other.cert].map((pem) => `${pem.trim()}\n`);
    expect(chainOf('www.example.com')).toBe(second);
    expect(chainOf('WWW.Example.Com')).toBe(second);
    expect(chainOf('any.example.com')).toBe(first);
    expect(chainOf('a.any.example.com')).toBe(undefined);
    expect(chainOf('example.com')).toBe(undefined);
    expect(chainOf('wwwxexample.com')).toBe(undefined);
    expect(chainOf('changing.test')).toBe(first);
    changing.update({ cert: other.cert, key: other.key });
    expect(chainOf('changing.test')).toBe(second);
  }));

test('a function finds it at once, or in either lane', () =>
  run(async () => {
    const { getRunningLoop } = await import('oxbow');
    const loop = getRunningLoop();
    const own = { cert: server.cert, key: server.key };
    const functions = [
      () => own,
      async () => own,
      function* () {
        yield* sleep(0);
        return own;
      },
      () => new TlsContext(own),
      async () => {
        await sleep(0);
        return new TlsContext(own);
      },
    ];
    for (const sni of functions) {
      const found = await settings({ sni }).sni!.find('a', loop);
      expect(found!.pairs).toHaveLength(1);
    }
    // The same answer is read once.
    const { find } = settings({ sni: () => own }).sni!;
    expect(find('a', loop)).toBe(find('b', loop));
    expect(settings({ sni: () => null }).sni!.find('a', loop)).toBe(null);
    expect(await settings({ sni: async () => undefined }).sni!.find('a', loop)).toBe(null);
    const wrong = settings({ sni: () => ({ cert: server.cert }) }).sni!;
    expect(() => wrong.find('a', loop)).toThrow(/what sni has answered: cert is given, but/);
  }));
