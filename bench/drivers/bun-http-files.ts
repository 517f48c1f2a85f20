// A folder of files on Bun.serve, by Bun.file. Run by Bun, not by Node.
import { filesDir } from '../files.ts';
import { announce } from './control.ts';

interface BunFiles {
  serve(options: object): { port: number };
  file(path: string): Blob;
}

const { Bun } = globalThis as unknown as { Bun: BunFiles };

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: (request: Request) => new Response(Bun.file(filesDir + new URL(request.url).pathname)),
});

announce(server.port);
