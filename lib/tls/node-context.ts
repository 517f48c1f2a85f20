/** Contexts of `node:tls`, used when our own TLS library cannot be loaded. */
import type { SecureContext, SecureContextOptions } from 'node:tls';

import { isNobody } from './identity.ts';
import type { Side } from './options.ts';
import { crypto } from './pem.ts';
import { nodeOptions, type TlsSettings, trustedBy } from './settings.ts';

const contexts: WeakMap<TlsSettings, Partial<Record<Side, SecureContext>>> = new WeakMap();
/** Random ticket keys by lineage: an update of a context must not change them. */
const tickets: WeakMap<object, Buffer> = new WeakMap();

/** The context for settings and side, created only once because that takes milliseconds. */
export function nodeContext(settings: TlsSettings, side: Side): SecureContext {
  let made = contexts.get(settings);
  if (made === undefined) contexts.set(settings, (made = {}));
  return (made[side] ??= process
    .getBuiltinModule('node:tls')
    .createSecureContext(side === 'client' ? forClient(settings) : forServer(settings)));
}

function forClient(settings: TlsSettings): SecureContextOptions {
  return { ...nodeOptions(settings), ca: [...trustedBy(settings)] };
}

function forServer(settings: TlsSettings): SecureContextOptions {
  const { lineage, ticketKeys, requestCert } = settings;
  let keys = ticketKeys ?? tickets.get(lineage);
  if (keys === undefined) tickets.set(lineage, (keys = crypto().randomBytes(48)));
  const ca = requestCert ? [...trustedBy(settings)] : [];
  return { ...nodeOptions(settings), ca, ticketKeys: keys, sessionIdContext: 'oxbow' };
}

/** The context for a name requested by a client; null without a certificate. */
export function nodeCertificate(settings: TlsSettings | null): SecureContext | null {
  if (settings === null || isNobody(settings)) return null;
  const context = nodeContext(settings, 'server');
  if (!agreeing.has(context)) agree(context);
  return context;
}

const agreeing: WeakSet<SecureContext> = new WeakSet();

/**
 * Prepares a context for use with ALPN in an SNI callback. When a connection switches to another
 * context, OpenSSL asks the new one about ALPN; Node installs that callback only on contexts with
 * which a socket with ALPN was created. So one such socket is created here; the protocols
 * themselves are those of the connection.
 */
function agree(secureContext: SecureContext): void {
  const { PassThrough } = process.getBuiltinModule('node:stream');
  const { TLSSocket } = process.getBuiltinModule('node:tls');
  const options = { isServer: true, secureContext, ALPNProtocols: ['-'] };
  new TLSSocket(new PassThrough(), options).on('error', () => {}).destroy();
  agreeing.add(secureContext);
}
