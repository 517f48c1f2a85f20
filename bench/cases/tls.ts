// TLS 1.3: the server's CPU for messages, handshakes and requests, and the memory of an idle
// connection. Servers and generators use the OpenSSL of the Node that runs them, so raw OpenSSL is
// the same as ours and Node's.
import { httpsDrivers, largeTlsDrivers, tlsDrivers } from '../drivers.ts';
import type { Driver } from '../drivers.ts';
import { duration, underLoad } from '../load.ts';
import type { BenchCase, Comparison, Row, Settings } from '../types.ts';
import { heldKib } from './idle-connections.ts';

const against = (theirs: string, max?: number): Comparison => ({ ours: 'oxbow', theirs, max });

function echoRow(
  settings: Settings,
  drivers: Driver[],
  name: string,
  size: number,
  targets: Comparison[],
): Row {
  const shape = { connections: 50, size, depth: 1 };
  return {
    name,
    unit: 'us/message',
    contenders: underLoad(drivers, settings, 'tls_load_echo', shape, size),
    comparisons: targets,
  };
}

export const tlsEcho: BenchCase = {
  name: 'tls-echo',
  rows: (settings) => [
    echoRow(settings, tlsDrivers, '50 x 64 B', 64, [
      against('raw openssl', 1.15),
      against('node:tls', 0.65),
      against('bun', 1),
    ]),
    // As in tcp-echo, Bun is compared with our way to receive that reuses memory.
    echoRow(settings, largeTlsDrivers, '50 x 16 KiB', 16_384, [
      against('raw openssl'),
      against('node:tls', 0.75),
      { ours: 'oxbow transient', theirs: 'bun', max: 1.1 },
      { ours: 'oxbow transient', theirs: 'raw openssl' },
    ]),
  ],
};

// 1.4 times as many handshakes per second: 0.71 of the time for each.
const HANDSHAKES_MAX = 0.71;

function handshakeRow(settings: Settings, name: string, resumed: number): Row {
  const { messages, ...rest } = duration(settings);
  // A handshake costs a hundred times as much as a message.
  const short = { ...rest, messages: 100, 'warmup-messages': 20 };
  const shape = { connections: 8, resumed, ...(messages === undefined ? {} : short) };
  return {
    name,
    unit: 'us/handshake',
    contenders: underLoad(tlsDrivers, settings, 'tls_load_handshakes', shape, 1),
    comparisons: [against('node:tls', HANDSHAKES_MAX), against('raw openssl')],
  };
}

export const tlsHandshakes: BenchCase = {
  name: 'tls-handshakes',
  rows: (settings) => [handshakeRow(settings, 'full', 0), handshakeRow(settings, 'resumed', 1)],
};

export const tlsHello: BenchCase = {
  name: 'tls-hello',
  rows: (settings) => [
    {
      name: 'HTTPS, 64 connections',
      unit: 'us/request',
      contenders: underLoad(
        httpsDrivers,
        settings,
        'tls_load_http',
        { connections: 64, depth: 1 },
        'Hello, World!'.length,
      ),
      comparisons: [against('node:https', 0.55), against('bun', 1)],
    },
  ],
};

export const tlsIdle: BenchCase = {
  name: 'tls-idle',
  rows: (settings) => [
    {
      name: 'memory of each of 1,000',
      unit: 'KiB',
      contenders: tlsDrivers.map((driver) => ({
        name: driver.name,
        peer: driver.peer,
        missing: () => driver.missing(),
        trial: () =>
          heldKib(driver, settings, {
            connections: settings.smoke ? 50 : 1000,
            tls: true,
            warmup: 20_000,
          }),
      })),
      comparisons: [{ ours: 'oxbow', max: 24 }, against('node:tls')],
      roundsMax: 3,
    },
  ],
};
