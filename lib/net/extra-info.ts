import { ADDRESS_LOCAL, ADDRESS_PEER, PORT_UNIX } from '../native/layout.ts';
import { TransportSocket } from '../io/transport-socket.ts';
import type { Transport } from './transport.ts';

/** The value for `getExtraInfo(name)`, undefined for unknown names. Values are cached. */
export function extraInfo(transport: Transport, name: string): unknown {
  const kept = transport._extra?.get(name);
  if (kept !== undefined) return kept;
  const found = ask(transport, name);
  if (found !== undefined) (transport._extra ??= new Map()).set(name, found);
  return found;
}

/** Both addresses, for those who ask when the descriptor is closed, which has none then. */
export function rememberAddresses(transport: Transport): void {
  extraInfo(transport, 'peername');
  extraInfo(transport, 'sockname');
}

function ask(transport: Transport, name: string): unknown {
  const { _loop: loop, _handle: handle, _generation: generation } = transport;
  if (name === 'peercred') return peerCredentials(transport);
  if (name === 'socket') return new TransportSocket(loop, handle, generation);
  if (name !== 'sockname' && name !== 'peername') return transport._security?.extraInfo(name);
  const which = name === 'sockname' ? ADDRESS_LOCAL : ADDRESS_PEER;
  const found = loop._engine.address(handle, generation, which);
  if (typeof found === 'number') return undefined;
  return found[1] === PORT_UNIX ? found[0] : [found[0], found[1]];
}

/** The process at the other end of a Unix socket, as of when it connected. */
export interface PeerCredentials {
  /** Process id, -1 where the system does not report it. */
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

function peerCredentials(transport: Transport): PeerCredentials | undefined {
  const { _loop: loop, _handle: handle, _generation: generation } = transport;
  const found = loop._engine.credentials(handle, generation);
  if (typeof found === 'number') return undefined;
  const [pid, uid, gid] = found;
  return { pid, uid, gid };
}
