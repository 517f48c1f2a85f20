// Answers that go on for ever, to a peer that is dead or takes nothing. What is written meanwhile
// goes to the kernel, so that more and more waits: that is no sign of life.
import { createTask, getRunningLoop, openConnection, sleep } from 'oxbow';
import { Response, serve, toNodeHandler } from 'oxbow/http';
import type { Handler, HttpServer } from 'oxbow/http';
import { runVirtual } from 'oxbow/testing';
import type { VirtualLoop } from 'oxbow/testing';

const FAR = '10.0.0.2';
/** Seconds in which a client must take something; the default of `sendTimeout`. */
const SEND_TIMEOUT = 120;
/** Seconds between two looks at an answer that goes on. */
const LOOK = SEND_TIMEOUT / 8;

async function* every(seconds: number, piece: string): AsyncGenerator<string> {
  for (;;) {
    yield piece;
    await sleep(seconds);
  }
}

function* everyInLoop(seconds: number): Generator<any, void, any> {
  for (;;) {
    yield { data: 'tick' };
    yield* sleep(seconds);
  }
}

const KINDS: Array<[name: string, handler: Handler]> = [
  ['events', () => Response.sse(every(1, 'tick'))],
  ['events of a function*', () => Response.sse(everyInLoop(1))],
  ['events that are nothing but heartbeats', () => Response.sse(every(1e6, 'first'))],
  ['pieces', () => new Response(every(1, 'x'.repeat(1000)))],
  [
    'what a writer writes',
    () =>
      Response.stream(async (writer) => {
        for (;;) {
          await writer.write('x');
          await sleep(1);
        }
      }),
  ],
  [
    'what an application of node:http writes',
    toNodeHandler((_request, response) => {
      const loop = getRunningLoop();
      const write = (): void => {
        if (response.destroyed) return;
        response.write('tick');
        loop.callLater(1, write);
      };
      write();
    }),
  ],
];

async function withClient(
  handler: Handler,
  body: (
    server: HttpServer,
    ends: Awaited<ReturnType<typeof openConnection>>,
    loop: VirtualLoop,
  ) => Promise<void>,
): Promise<void> {
  await runVirtual(
    async () => {
      const loop = getRunningLoop() as VirtualLoop;
      loop.setExceptionHandler(() => {});
      const server = await serve({ hostname: FAR, port: 80, fetch: handler });
      const ends = await openConnection(FAR, 80);
      ends[1].write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await ends[0].readuntil('\r\n\r\n');
      await body(server, ends, loop);
      ends[1].close();
      server.close();
      await server.waitClosed();
    },
    { network: { latency: '10ms' } },
  );
}

test.each(KINDS)('a peer that has vanished is dropped after sendTimeout: %s', (_name, handler) =>
  withClient(handler, async (server, _ends, loop) => {
    // What is on its way by then is all that it will ever get.
    await sleep(100);
    loop.network.partition(FAR);
    const cut = loop.time();
    while (server.connections > 0 && loop.time() < cut + 1000) await sleep(0.5);
    const took = loop.time() - cut;
    expect(server.connections).toBe(0);
    expect(took).toBeGreaterThan(SEND_TIMEOUT - 1);
    // A heartbeat may be 15 s away, and a look at the connection behind that.
    expect(took).toBeLessThan(SEND_TIMEOUT + 15 + LOOK + 3);
  }),
);

test.each(KINDS)('a peer that takes what there is lives on: %s', (_name, handler) =>
  withClient(handler, async (server, [reader], loop) => {
    const taking = createTask(async () => {
      while ((await reader.read(65536)).length > 0);
    });
    await sleep(3600);
    expect([server.connections, loop.time() > 3600]).toEqual([1, true]);
    taking.cancel();
  }),
);

test('a peer that takes less than is written lives as long as it takes something', () =>
  withClient(
    () => new Response(every(1, 'x'.repeat(50_000))),
    async (server, [reader], loop) => {
      for (const until = loop.time() + 1000; loop.time() < until;) {
        await reader.readexactly(200_000);
        await sleep(10);
      }
      expect(server.connections).toBe(1);
      const stopped = loop.time();
      while (server.connections > 0 && loop.time() < stopped + 1000) await sleep(0.5);
      expect(server.connections).toBe(0);
      expect(loop.time() - stopped).toBeLessThan(2 * SEND_TIMEOUT);
    },
  ));
