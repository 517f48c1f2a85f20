/** Loads the second addon, `oxbow_tls.node`, from the folder of the first. */
import { dirname, join } from 'node:path';

import { binaryPath, loadAddon, loadBinary } from './load.ts';
import type { NativeTlsAddon } from './tls-binding.ts';

let loaded: NativeTlsAddon | Error | undefined;

/**
 * The addon of TLS, or an Error with the reason why there is none: Node's OpenSSL has another
 * version or is not accessible, or the binary is missing. The first call loads it.
 *
 * `OXBOW_TLS=node` in the environment disables it.
 */
export function loadTlsAddon(): NativeTlsAddon | Error {
  return (loaded ??= load());
}

function load(): NativeTlsAddon | Error {
  if (process.env['OXBOW_TLS'] === 'node') return new Error('OXBOW_TLS=node is set');
  const { openssl } = process.versions;
  // Another major version has different structures behind the same names.
  if (!openssl?.startsWith('3.')) return new Error(`this Node has OpenSSL ${openssl ?? 'no'}`);
  try {
    const { layerAbi } = loadAddon();
    const addon = loadBinary(join(dirname(binaryPath()), 'oxbow_tls.node')) as NativeTlsAddon;
    if (addon.layerAbi === layerAbi) return addon;
    return new Error('oxbow_tls.node was built from other sources than oxbow.node');
  } catch (error) {
    return error as Error;
  }
}
