// TCP echo on Deno.listen. Run by Deno, not by Node.
import process from 'node:process';

interface DenoConnection {
  setNoDelay(): void;
  read(buffer: Uint8Array): Promise<number | null>;
  write(data: Uint8Array): Promise<number>;
  close(): void;
}

interface DenoListener extends AsyncIterable<DenoConnection> {
  addr: { port: number };
}

interface DenoTcp {
  listen(options: object): DenoListener;
}

const { Deno } = globalThis as unknown as { Deno: DenoTcp };

async function echo(connection: DenoConnection): Promise<void> {
  connection.setNoDelay();
  const buffer = new Uint8Array(65536);
  try {
    for (;;) {
      const count = await connection.read(buffer);
      if (count === null) break;
      let written = 0;
      while (written < count) written += await connection.write(buffer.subarray(written, count));
    }
    connection.close();
  } catch {
    // The peer has disconnected; other connections continue.
  }
}

const listener = Deno.listen({ hostname: '127.0.0.1', port: 0, tcpBacklog: 4096 });
process.stdout.write(`{"port":${listener.addr.port}}\n`);
process.stdin.on('end', () => process.exit(0)).resume();
for await (const connection of listener) void echo(connection);
