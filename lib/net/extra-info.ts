import { ADDRESS_LOCAL, ADDRESS_PEER } from '../native/layout.ts';
import { TransportSocket } from '../io/transport-socket.ts';
import type { Transport } from './transport.ts';

/** What `getExtraInfo` knows; undefined for what it does not. Answers are kept. */
export function extraInfo(transport: Transport, name: string): unknown {
  const kept = transport._extra?.get(name);
  if (kept !== undefined) return kept;
  const found = ask(transport, name);
  if (found !== undefined) (transport._extra ??= new Map()).set(name, found);
  return found;
}

function ask(transport: Transport, name: string): unknown {
  const { _loop: loop, _handle: handle, _generation: generation } = transport;
  if (name === 'socket') return new TransportSocket(loop, handle, generation);
  if (name !== 'sockname' && name !== 'peername') return transport._security?.extraInfo(name);
  const which = name === 'sockname' ? ADDRESS_LOCAL : ADDRESS_PEER;
  const found = loop._engine.address(handle, generation, which);
  return typeof found === 'number' ? undefined : [found[0], found[1]];
}
