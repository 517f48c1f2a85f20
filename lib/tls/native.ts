/** Native TLS contexts, created on first use, one for each side on which a context is used. */
import { loadAddon } from '../native/load.ts';
import { loadTlsAddon } from '../native/load-tls.ts';
import type {
  LayerMaker,
  NativeTlsAddon,
  NativeTlsConnection,
  NativeTlsContext,
  NativeTlsFailure,
  NativeTlsSettings,
} from '../native/tls-binding.ts';
import { failureError } from './errors.ts';
import { nodeContext } from './node-context.ts';
import type { Side } from './options.ts';
import { defaultRoots } from './roots.ts';
import type { TlsSettings } from './settings.ts';
import { warnOfNodeTls, whyNodeTls } from './use-node-tls.ts';

interface Made {
  readonly native: NativeTlsContext;
  /** The settings with which it was configured. */
  settings: TlsSettings;
}

/** By lineage, so that session tickets and stored sessions survive an update. */
const made: WeakMap<object, Partial<Record<Side, Made>>> = new WeakMap();

/**
 * What creates the TLS layers of connections with these settings.
 * @throws TlsError when OpenSSL rejects the settings
 */
export function makerOf(
  settings: TlsSettings,
  side: Side,
  connection: NativeTlsConnection = NOBODY_SPECIAL,
): LayerMaker {
  const why = whyNodeTls();
  if (why === null) return nativeContext(settings, side).maker(connection);
  warnOfNodeTls(why);
  // Creates the context now, so that an invalid one fails here and not in a handshake.
  nodeContext(settings, side);
  return loadAddon().relayMaker();
}

/** For servers, and for clients without a name or a stored session. */
const NOBODY_SPECIAL: NativeTlsConnection = { servername: '', sessionName: '', session: null };

/** The native context, reconfigured if the settings have changed. */
export function nativeContext(settings: TlsSettings, side: Side): NativeTlsContext {
  const sides = made.get(settings.lineage) ?? {};
  made.set(settings.lineage, sides);
  const known = sides[side];
  if (known?.settings === settings) return known.native;
  const native = known?.native ?? new (addon().TlsContext)();
  const failure = native.configure(nativeSettings(settings, side), side === 'server');
  if (failure !== undefined) throw failureError(JSON.parse(failure) as NativeTlsFailure);
  sides[side] = { native, settings };
  return native;
}

function addon(): NativeTlsAddon {
  const found = loadTlsAddon();
  if (found instanceof Error) throw found;
  return found;
}

function nativeSettings(settings: TlsSettings, side: Side): NativeTlsSettings {
  const { ca, sni, keylog, fingerprints, rejectUnauthorized } = settings;
  return {
    ...settings,
    ownRoots: ca !== null,
    ca: ca ?? (side === 'client' || settings.requestCert ? defaultRoots() : []),
    keylog: keylog !== null,
    askCertificate: side === 'server' && sni !== null,
    askPeer: fingerprints.length > 0 || (side === 'client' && rejectUnauthorized),
  };
}
