// Numbers that are used again begin again some day: a slot of handles after 2^31 uses, and requests
// for names. Here they begin shortly before that.
import { runChild } from './core-child.ts';

const NEAR_THE_END = `
  import { loadAddon } from '#lib/native/load.js';
  const addon = loadAddon();
  const { Engine } = addon;
  addon.Engine = function (driver, seed) { return new Engine(driver, seed, 2 ** 31 - 4); };`;

test('TCP connections of a slot that begins again hear everything', async () => {
  const ended = await runChild(`${NEAR_THE_END}
    import { openConnection, run, startServer } from 'oxbow';
    await run(function* () {
      const server = yield* startServer(function* (reader, writer) {
        writer.write(yield* reader.read());
        writer.close();
      }, 'localhost', 0, { family: 4 });
      const [, port] = server.sockets[0].getsockname();
      let heard = 0;
      for (let n = 0; n < 12; n++) {
        const [reader, writer] = yield* openConnection('localhost', port, { family: 4 });
        writer.write('hello');
        writer.writeEof();
        if (String(yield* reader.read()) === 'hello') heard += 1;
        writer.close();
        yield* writer.waitClosed();
      }
      server.close();
      yield* server.waitClosed();
      console.log(heard);
    });`);
  expect(ended).toEqual({ code: 0, signal: null, stdout: '12\n', stderr: '' });
});

test('so do HTTP servers and clients, and listeners that are opened again and again', async () => {
  const ended = await runChild(`${NEAR_THE_END}
    import { run } from 'oxbow';
    import { ClientSession, Response, serve } from 'oxbow/http';
    await run(async () => {
      let heard = 0;
      for (let n = 0; n < 8; n++) {
        const server = await serve({ fetch: (request) => new Response(request.path) });
        for (let m = 0; m < 2; m++) {
          const session = new ClientSession();
          const response = await session.get(server.url + 'x');
          if (await response.text() === '/x') heard += 1;
          await session.close();
        }
        await server.shutdown();
      }
      console.log(heard);
    });`);
  expect(ended).toEqual({ code: 0, signal: null, stdout: '16\n', stderr: '' });
});
