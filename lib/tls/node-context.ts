/** Contexts of `node:tls`, for where our own library of TLS cannot be loaded. */
import type { SecureContext, SecureContextOptions } from 'node:tls';

import { isNobody } from './identity.ts';
import type { Side } from './options.ts';
import { crypto } from './pem.ts';
import { nodeOptions, type TlsSettings, trustedBy } from './settings.ts';

const contexts: WeakMap<TlsSettings, Partial<Record<Side, SecureContext>>> = new WeakMap();
/** Random keys of tickets, which an update of a context must not change. */
const tickets: WeakMap<object, Buffer> = new WeakMap();

/** Made once for each settings and side: it takes milliseconds. */
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

/** For who asks by name; settings without a certificate have none. */
export function nodeCertificate(settings: TlsSettings | null): SecureContext | null {
  if (settings === null || isNobody(settings)) return null;
  const context = nodeContext(settings, 'server');
  if (!agreeing.has(context)) agree(context);
  return context;
}

const agreeing: WeakSet<SecureContext> = new WeakSet();

/**
 * A connection that gets another context in the middle asks that one about ALPN, too. Which names
 * there are the connection knows, but that it is to be asked Node says only to contexts that a
 * socket with ALPN was made with.
 */
function agree(secureContext: SecureContext): void {
  const { PassThrough } = process.getBuiltinModule('node:stream');
  const { TLSSocket } = process.getBuiltinModule('node:tls');
  const options = { isServer: true, secureContext, ALPNProtocols: ['-'] };
  new TLSSocket(new PassThrough(), options).on('error', () => {}).destroy();
  agreeing.add(secureContext);
}
