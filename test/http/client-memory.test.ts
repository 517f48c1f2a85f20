// What a server can make a client keep: responses whose bodies are on their way for long, and what
// was read of those that are through.
import { runChild } from '../process/core-child.ts';

test('a stream that goes on keeps its heads, and not the chunks they came in, at both ends', async () => {
  const ended = await runChild(
    `
    import { ClientSession, Response, serve } from 'oxbow/http';
    import { sleep } from 'oxbow';
    import { runVirtual } from 'oxbow/testing';
    await runVirtual(async () => {
      const headers = { 'content-type': 'text/event-stream', 'x-name': 'a name' };
      const server = await serve({
        routes: {
          '/events': () => Response.stream(async (writer) => {
            writer.write('data: first\\n\\n');
            await sleep('10h');
          }, { headers }),
          '/large': new Response(Buffer.alloc(300_000)),
        },
      });
      const session = new ClientSession({ baseUrl: server.url, limit: 0, timeout: null });
      const kept = [];
      let before = 0;
      for (let n = 0; n < 110; n++) {
        kept.push(await session.get('/events'));
        // The next one is in another chunk.
        await (await session.get('/large')).bytes();
        if (n === 9) { gc(); before = process.memoryUsage().arrayBuffers; }
      }
      let each = Infinity;
      for (let n = 0; n < 50 && each >= 20_000; n++) {
        await sleep(0);
        gc();
        each = (process.memoryUsage().arrayBuffers - before) / 100;
      }
      const last = kept[5];
      const event = await last.sse().read();
      console.log(each, last.status, last.reason, last.headers.get('x-name'), event.data);
      for (const one of kept) one.close();
      await session.close();
      server.close();
    });`,
    undefined,
    ['--expose-gc'],
  );
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const [each, ...rest] = ended.stdout.trim().split(' ');
  expect(rest.join(' ')).toBe('200 OK a name first');
  // A chunk has 262144 bytes.
  expect(Number(each)).toBeLessThan(20_000);
}, 60_000);

test.each(['bytes', 'text', 'arrayBuffer', 'blob', 'json'])(
  'a large body that was read with %s can be collected',
  async (name) => {
    const ended = await runChild(
      `
      import { ClientSession, Response, serve } from 'oxbow/http';
      import { sleep } from 'oxbow';
      import { runVirtual } from 'oxbow/testing';
      await runVirtual(async () => {
        const server = await serve({
          fetch: () => Response.json('x'.repeat(300_000)),
        });
        const session = new ClientSession({ baseUrl: server.url });
        const used = () => {
          const { arrayBuffers, heapUsed } = process.memoryUsage();
          return arrayBuffers + heapUsed;
        };
        let before = 0;
        for (let n = 0; n < 110; n++) {
          await (await session.get('/')).${name}();
          if (n === 9) { gc(); before = used(); }
        }
        let each = Infinity;
        for (let n = 0; n < 50 && each >= 30_000; n++) {
          await sleep(0);
          gc();
          each = (used() - before) / 100;
        }
        console.log(each);
        await session.close();
        server.close();
      });`,
      undefined,
      ['--expose-gc'],
    );
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(Number(ended.stdout)).toBeLessThan(30_000);
  },
  60_000,
);
