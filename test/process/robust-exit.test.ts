// The process, a worker or the collector takes a loop away while it is at work.
import { runChild } from './core-child.ts';

/** A server and clients that keep TCP and HTTP busy, as text of a module that has `busy()`. */
const BUSY = `
  import { createConnection, createServer, getRunningLoop, run, newEventLoop, Protocol }
    from ${JSON.stringify(import.meta.resolve('oxbow'))};
  import { ClientSession, Response, serve }
    from ${JSON.stringify(import.meta.resolve('oxbow/http'))};
  class Echo extends Protocol {
    connectionMade(transport) { this.transport = transport; }
    dataReceived(data) { this.transport.write(data); }
  }
  class Talker extends Echo {
    connectionMade(transport) { super.connectionMade(transport); transport.write('hello'); }
  }
  async function busy(work) {
    await run(async () => {
      const tcp = await createServer(() => new Echo(), '127.0.0.1', 0);
      const port = tcp.sockets[0].getsockname()[1];
      for (let n = 0; n < 20; n++) await createConnection(() => new Talker(), '127.0.0.1', port);
      const body = 'x'.repeat(100_000);
      const http = await serve({ fetch: async () => new Response(body) });
      const session = new ClientSession();
      let count = 0;
      const client = async () => {
        for (;;) {
          await (await session.get(http.url)).text();
          if (++count === 20) work();
        }
      };
      await Promise.all([client(), client(), client()]);
    });
  }`;

test('process.exit under load', async () => {
  const ended = await runChild(`${BUSY} await busy(() => process.exit(9));`);
  expect(ended).toEqual({ code: 9, signal: null, stdout: '', stderr: '' });
});

test('worker.terminate and process.exit in workers under load, several at once', async () => {
  const ended = await runChild(`
    import { Worker } from 'node:worker_threads';
    const source = ${JSON.stringify(`${BUSY}
      import { parentPort, workerData } from 'node:worker_threads';
      await busy(() => workerData ? process.exit(5) : parentPort.postMessage('busy'));`)};
    const start = (workerData) => new Worker(
      new URL('data:text/javascript,' + encodeURIComponent(source)), { workerData });
    const codes = [];
    for (let round = 0; round < 3; round++) {
      const ends = [0, 1, 2, 3].map((n) => new Promise((resolve) => {
        const worker = start(n === 3);
        worker.on('message', () => worker.terminate()).on('exit', resolve);
      }));
      codes.push(...await Promise.all(ends));
    }
    console.log(codes.join());`);
  expect(ended).toEqual({
    code: 0,
    signal: null,
    stdout: '1,1,1,5,1,1,1,5,1,1,1,5\n',
    stderr: '',
  });
});

test('loops with open connections that nobody closes are collected', async () => {
  const ended = await runChild(
    `
    ${BUSY}
    // Held until they were counted: a collection may come at any time before.
    const loops = [];
    for (let n = 0; n < 30; n++) {
      const loop = newEventLoop();
      loops.push(loop);
      await loop.runUntilComplete(async () => {
        const server = await loop.createServer(() => new Echo(), '127.0.0.1', 0);
        const port = server.sockets[0].getsockname()[1];
        await loop.createConnection(() => new Talker(), '127.0.0.1', port);
        loop.callLater(100, () => {});
      });
    }
    const { readdirSync } = await import('node:fs');
    const open = () => readdirSync('/proc/self/fd').length;
    const before = open();
    loops.length = 0;
    for (let n = 0; n < 20; n++) { global.gc(); await new Promise(setImmediate); }
    console.log(before > 150, open() < before / 2);`,
    undefined,
    ['--expose-gc'],
  );
  expect(ended).toEqual({ code: 0, signal: null, stdout: 'true true\n', stderr: '' });
});

test('everything of a loop may be called after close()', async () => {
  const ended = await runChild(`
    ${BUSY}
    const loop = newEventLoop();
    let server, transport, timer;
    await loop.runUntilComplete(async () => {
      server = await loop.createServer(() => new Echo(), '127.0.0.1', 0);
      const port = server.sockets[0].getsockname()[1];
      [transport] = await loop.createConnection(() => new Echo(), '127.0.0.1', port);
      timer = loop.callLater(1, () => {});
    });
    loop.close();
    const wrong = [];
    const calls = {
      transport: ['abort', 'close', 'getWriteBufferSize', 'pauseReading', 'resumeReading',
        'writeEof', 'isClosing'],
      server: ['close', 'abortClients', 'closeClients', 'waitClosed', 'isServing'],
      timer: ['cancel', 'ref', 'unref', 'when', 'cancelled'],
    };
    for (const target of [transport, server, timer]) {
      const name = target === transport ? 'transport' : target === server ? 'server' : 'timer';
      for (const method of calls[name]) {
        try { target[method](); } catch (error) {
          if (!/closed/.test(error.message)) wrong.push(name + '.' + method + ': ' + error);
        }
      }
    }
    for (let n = 0; n < 10_000; n++) transport.write('x'.repeat(4000));
    for (const name of ['callSoon', 'callLater', 'callAt', 'runForever']) {
      try { await loop[name](name === 'callSoon' ? () => {} : 1, () => {}); wrong.push(name); }
      catch (error) { if (error.message !== 'Event loop is closed') wrong.push(name + error); }
    }
    console.log(wrong.join() || 'fine');`);
  expect(ended).toEqual({ code: 0, signal: null, stdout: 'fine\n', stderr: '' });
});
