// Trials of a process's start: the CPU it uses until it has served one request, less what a waiting
// Node uses, which is measured right before.
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { Child, serverCore } from './child.ts';
import { compiledDir } from './paths.ts';
import { cpuNs } from './proc.ts';
import type { Contender, Settings } from './types.ts';

/**
 * Time for work that continues after the response: background compilation and garbage collection.
 */
const REST_MS = 50;

/** Sends one request and reads the whole response. */
async function request(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  socket.end('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  let answer = '';
  for await (const piece of socket) answer += piece;
  if (!/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nHello, World!$/.test(answer)) {
    throw new Error(`wrong answer: ${JSON.stringify(answer)}`);
  }
}

async function cpuMs(settings: Settings, impl: string): Promise<number> {
  const file = path.join(compiledDir, 'micro', 'first-request.js');
  const child = new Child([settings.node, file, '--impl', impl], serverCore);
  try {
    const { port } = await child.answer();
    if (Number(port) !== 0) await request(Number(port));
    await pause(REST_MS);
    return cpuNs(child.pid) / 1e6;
  } finally {
    await child.stop();
  }
}

/** Contenders for a row that measures milliseconds of CPU above bare Node. */
export function untilFirstRequest(
  settings: Settings,
  implementations: readonly { name: string; impl: string }[],
): Contender[] {
  return implementations.map(({ name, impl }) => ({
    name,
    peer: false,
    missing: () => undefined,
    async trial() {
      const bare = await cpuMs(settings, 'bare');
      const served = await cpuMs(settings, impl);
      return { value: served - bare, details: { bare, served } };
    },
  }));
}
