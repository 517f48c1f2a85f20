// The side of a server that talks to the harness.
import { readFileSync } from 'node:fs';

/** The path of the Unix socket to listen on; null for TCP. */
export const unixPath: string | null =
  process.env['OXBOW_BENCH_UNIX'] === '1' ? `/tmp/oxbow-bench-${process.pid}.sock` : null;

/**
 * Reports where the server listens (null: at `unixPath`), then obeys standard input: `gc` collects
 * garbage (Node with `--expose-gc`) and answers, and its end exits the process, so that no server
 * outlives a harness that was killed.
 */
export function announce(port: number | null, besides: Record<string, number> = {}): void {
  const place = port === null ? { unix: process.pid } : { port };
  process.stdout.write(`${JSON.stringify({ ...place, ...besides })}\n`);
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (text: string) => {
    if (text.trim() === 'gc') void collectGarbage();
  });
  process.stdin.on('end', () => process.exit(0));
}

/** The certificate and key for a TLS server. */
export function identity(): { cert: string; key: string } {
  const read = (name: string): string => readFileSync(process.env[name]!, 'latin1');
  return { cert: read('OXBOW_BENCH_CERT'), key: read('OXBOW_BENCH_KEY') };
}

/** The same as an option of a server: empty if the harness has given no certificate. */
export function tlsOption(): { tls?: { cert: string; key: string } } {
  return process.env['OXBOW_BENCH_CERT'] === undefined ? {} : { tls: identity() };
}

// Memory outside V8's heap is released by finalizers, which run between turns: so collect, let them
// run, and collect what they have released.
async function collectGarbage(): Promise<void> {
  for (let pass = 0; pass < 3; pass++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  process.stdout.write('{"collected":true}\n');
}
