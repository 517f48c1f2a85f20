import { type Coro, DatagramProtocol, type DatagramTransport, newEventLoop } from 'oxbow';
import type { SocketAddress } from 'oxbow';

/** A protocol that writes down what it is told. */
export class DatagramRecorder extends DatagramProtocol {
  readonly events: string[] = [];
  readonly received: Array<[text: string, address: SocketAddress]> = [];
  readonly errors: Error[] = [];
  transport!: DatagramTransport;

  override connectionMade(transport: DatagramTransport): void {
    this.transport = transport;
    this.events.push('made');
  }

  override datagramReceived(data: Buffer, address: SocketAddress): void {
    this.received.push([String(data), address]);
  }

  override errorReceived(error: Error): void {
    this.errors.push(error);
  }

  override pauseWriting(): void {
    this.events.push('pause');
  }

  override resumeWriting(): void {
    this.events.push('resume');
  }

  override connectionLost(error: unknown): void {
    this.events.push(`lost ${error}`);
  }

  get texts(): string[] {
    return this.received.map(([text]) => text);
  }
}

/** A test whose body runs in a loop of its own on this driver. */
export function check(driver: string, name: string, body: () => Coro<void>): void {
  test(name, async () => {
    const loop = newEventLoop({ driver });
    try {
      await loop.runUntilComplete(body());
    } finally {
      loop.close();
    }
  });
}

/** The error that an awaitable fails with. */
export function* rejection(step: () => any): Coro<any> {
  try {
    yield* step();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
