/**
 * A registry of packages on this machine that has what is installed here: so that a test can
 * install as users do, without any network and whatever npm has in its cache.
 */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface Registry {
  readonly url: string;
  close(): void;
}

/**
 * Runs a command to its end and gives what it printed; the loop goes on meanwhile. If it is npm, it
 * leaves files in `cwd`.
 */
export async function run(cwd: string, command: string, ...args: string[]): Promise<string> {
  const child = spawn(command, args, {
    // npm wants a home and a cache. Not everybody has the one; the other, where it is named, may be
    // somebody else's.
    cwd,
    env: { HOME: cwd, ...process.env, npm_config_cache: join(cwd, '.npm') },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
  });
  let out = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...end) => {
      resolve(end);
    });
  });
  if (code === 0) return out;
  throw new Error(`${command} ${args.join(' ')}: ended with ${code ?? signal}\n${out}${errors}`);
}

/** What `npm pack --json` says of one package. */
export interface Packed {
  filename: string;
  size: number;
  files: { path: string; size: number }[];
}

// npm up to 11 prints a list; newer ones an object with the package's name as key.
export function parsePack(out: string): Packed {
  const value = JSON.parse(out) as Packed[] | Record<string, Packed>;
  return Object.values(value)[0]!;
}

/**
 * Serves the packages of `modules`, a folder `node_modules`; each is packed into `folder` when it
 * is asked for.
 */
export async function serveInstalled(modules: string, folder: string): Promise<Registry> {
  const tarballs = new Map<string, Promise<Buffer>>();
  const tarball = (name: string): Promise<Buffer> => {
    let made = tarballs.get(name);
    if (!made) {
      made = run(folder, 'npm', 'pack', join(modules, name), '--json', '--ignore-scripts').then(
        (out) => readFileSync(join(folder, parsePack(out).filename)),
      );
      tarballs.set(name, made);
    }
    return made;
  };
  const answer = async (path: string, url: string): Promise<Buffer | string | undefined> => {
    const [, name, isTarball] = /^\/(.+?)(\/-\/.*\.tgz)?$/.exec(path) ?? [];
    if (!name || !existsSync(join(modules, name, 'package.json'))) return undefined;
    const bytes = await tarball(name);
    if (isTarball) return bytes;
    const info = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'));
    const { version } = info as { version: string };
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    const dist = { tarball: `${url}${name}/-/package.tgz`, integrity };
    return JSON.stringify({
      name,
      'dist-tags': { latest: version },
      versions: { [version]: { ...info, dist } },
    });
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const url = `http://${request.headers.host}/`;
    answer(decodeURIComponent(request.url!), url).then(
      (body) => {
        response.writeHead(body === undefined ? 404 : 200).end(body ?? '{}');
      },
      (error: unknown) => {
        response.writeHead(500).end(String(error));
      },
    );
  };
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => {
    server.once('listening', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.close();
    },
  };
}
