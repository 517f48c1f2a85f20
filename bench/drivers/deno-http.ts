// HTTP hello on Deno.serve. Run by Deno, not by Node.
import process from 'node:process';

interface DenoHttp {
  serve(options: object, handler: () => Response): unknown;
}

const { Deno } = globalThis as unknown as { Deno: DenoHttp };

Deno.serve(
  {
    hostname: '127.0.0.1',
    port: 0,
    onListen: ({ port }: { port: number }) => process.stdout.write(`{"port":${port}}\n`),
  },
  () => new Response('Hello, World!'),
);
process.stdin.on('end', () => process.exit(0)).resume();
