// What a program has lost without ending it is ended when it is collected, and told of.
import { runChild } from './core-child.ts';

const COMMON = `
  import http from 'node:http';
  import { getRunningLoop, run } from 'oxbow';
  import { ClientSession } from 'oxbow/http';
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  async function collected(until) {
    for (let round = 0; round < 200 && !until(); round++) {
      await turn();
      gc();
      await turn();
    }
  }
  const server = http.createServer((request, response) => {
    if (request.url === '/ok') response.end('ok');
    else response.writeHead(200, { 'content-length': 10 }).write('half');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = 'http://127.0.0.1:' + server.address().port;
  const told = [];
  const body = async (main) => {
    await run(async () => {
      getRunningLoop().setExceptionHandler((loop, context) => told.push(context.message));
      await main();
    });
    server.closeAllConnections();
    server.close();
    console.log(told.map((text) => text.replace(/:\\d+/, '')).join());
  };
`;

const clean = { code: 0, signal: null, stderr: '' };

test('a response that is neither read nor released gives its slot back', async () => {
  const ended = await runChild(
    `${COMMON}
    await body(async () => {
      const session = new ClientSession({ baseUrl: url, limit: 1, timeout: null });
      await (async () => { await session.get('/half'); })();
      await collected(() => told.length > 0);
      console.log(await (await session.get('/ok')).text());
      await session.close();
    });`,
    undefined,
    ['--expose-gc'],
  );
  expect(ended).toEqual({
    ...clean,
    stdout:
      'ok\nUnclosed response: <ClientResponse 200 GET http://127.0.0.1/half> was neither ' +
      'read nor released\n',
  });
});

test('the body alone keeps a response; a session that is lost is closed', async () => {
  const ended = await runChild(
    `${COMMON}
    await body(async () => {
      let session = new ClientSession({ baseUrl: url });
      const { body } = await session.get('/half');
      console.log((await body.read()).length);
      await (await session.get('/ok')).text();
      session = null;
      await collected(() => told.length > 0);
      console.log(told.length, body.complete);
      const next = body.read();
      for (let round = 0; round < 5; round++) {
        gc();
        await turn();
      }
      console.log(next.done());
      next.cancel();
    });`,
    undefined,
    ['--expose-gc'],
  );
  expect(ended).toEqual({
    ...clean,
    stdout: '4\n1 false\nfalse\nUnclosed client session: call close()\n',
  });
});
