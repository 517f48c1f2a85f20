// nginx as a peer: one process (no master, no second worker), no logs, a fixed answer, and files by
// sendfile.
import { mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child, serverCore } from './child.ts';
import { filesDir } from './files.ts';
import { outputDir } from './paths.ts';

function configuration(port: number): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
master_process off;
pid nginx.pid;
error_log stderr crit;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 1000000000;
  ${paths.map((name) => `${name}_temp_path ${name};`).join('\n  ')}
  server {
    listen 127.0.0.1:${port} backlog=4096;
    sendfile on;
    location = / { default_type text/plain; return 200 "Hello, World!"; }
    location / { root ${filesDir}; }
  }
}
`;
}

// nginx cannot choose a free port. In theory another process might take it before nginx does; the
// trial would then fail, but not give a wrong figure.
async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

export async function startNginx(): Promise<{ child: Child; port: number }> {
  const port = await freePort();
  const prefix = path.join(outputDir, 'nginx');
  mkdirSync(prefix, { recursive: true });
  const file = path.join(prefix, 'nginx.conf');
  writeFileSync(file, configuration(port));
  const child = new Child(['nginx', '-p', prefix, '-e', 'stderr', '-c', file], serverCore);
  // It does not report when it is ready, so try to connect: 250 times 20 ms is five seconds.
  for (let attempt = 0; attempt < 250; attempt++) {
    if (await answers(port)) return { child, port };
    await sleep(20);
  }
  await child.stop();
  throw new Error('nginx: did not listen within 5 seconds');
}
