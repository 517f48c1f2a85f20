// What memory stays when a loop is closed, or what it had to keep is gone.
import { figuresOfMemory, testWith } from '../support/needs.ts';
import { runChild } from './core-child.ts';

const GC = ['--expose-gc'];

async function numbers(code: string): Promise<number[]> {
  const ended = await runChild(code, undefined, GC);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  return ended.stdout.trim().split(/\s+/).map(Number);
}

test("loops made and closed in one turn of Node's loop let go of their memory", async () => {
  const [most] = await numbers(`
    import { newEventLoop, runSync, sleep } from 'oxbow';
    let most = 0;
    for (let n = 0; n < 400; n++) {
      if (n % 2 === 0) runSync(function* () { yield* sleep(0); });
      else newEventLoop().close();
      if (n % 100 === 99) {
        gc();
        gc();
        most = Math.max(most, process.memoryUsage().arrayBuffers);
      }
    }
    console.log(most);`);
  // Half a MiB for each would be 200 MiB. V8 sweeps in a thread of its own, so some may be left.
  expect(most).toBeLessThan(60 * 2 ** 20);
});

test('a closed loop that somebody keeps has only its counters', async () => {
  const [each] = await numbers(`
    import { newEventLoop } from 'oxbow';
    const kept = [];
    for (let n = 0; n < 101; n++) {
      const loop = newEventLoop();
      for (let t = 0; t < 2000; t++) loop.callLater(60, () => {}).unref();
      loop.close();
      if (n === 0) { gc(); kept.start = process.memoryUsage().arrayBuffers; }
      kept.push(loop);
    }
    let each = Infinity;
    // V8 frees buffers in a thread of its own: what a collection found may take a moment to count.
    for (let n = 0; n < 50 && each >= 40_000; n++) {
      await new Promise(setImmediate);
      gc();
      each = (process.memoryUsage().arrayBuffers - kept.start) / 100;
    }
    console.log(each, kept[100].metrics().turns);`);
  expect(each).toBeLessThan(40_000);
});

test('a loop that is closed in its own dispatch still delivers what had come', async () => {
  const ended = await runChild(`
    import { newEventLoop } from 'oxbow';
    const loop = newEventLoop();
    loop.callSoon(() => { loop._interrupt(new Error('left')); loop.close(); });
    for (let n = 0; n < 3; n++) loop.callSoon(() => console.log('ran', n));
    await loop.runForever().catch((error) => console.log(error.message));
    console.log(loop.metrics().ready, loop._rings.ready.length);`);
  expect(ended).toEqual({
    code: 0,
    signal: null,
    stderr: '',
    stdout: 'ran 0\nran 1\nran 2\nleft\n0 1\n',
  });
});

test('the loop whose writer drained last can be collected', async () => {
  const [left] = await numbers(`
    import { newEventLoop, openConnection, startServer } from 'oxbow';
    async function useOne() {
      const loop = newEventLoop();
      await loop.runUntilComplete(async function () {
        const server = await startServer(async (reader, writer) => {
          writer.write(await reader.read(5));
          await writer.drain();
          writer.close();
        }, '127.0.0.1', 0);
        const [host, port] = server.sockets[0].getsockname();
        const [reader, writer] = await openConnection(host, port);
        writer.write('hello');
        await writer.drain();
        await reader.read();
        writer.close();
        await writer.waitClosed();
        server.close();
        await server.waitClosed();
      });
      loop.close();
      return new WeakRef(loop);
    }
    const reference = await useOne();
    for (let n = 0; n < 20 && reference.deref() !== undefined; n++) {
      await new Promise(setImmediate);
      gc();
    }
    console.log(reference.deref() === undefined ? 0 : 1);`);
  expect(left).toBe(0);
});

testWith(figuresOfMemory())('after a flood at most 64 MiB of freed memory stay', async () => {
  const [before, high, after] = await numbers(`
    import { createServer, Protocol, run, getRunningLoop, sleep } from 'oxbow';
    import net from 'node:net';
    const rss = () => process.memoryUsage.rss();
    const connections = [];
    const waiting = [];
    let received = 0;
    class Flood extends Protocol {
      connectionMade(transport) { connections.push(transport); waiting.pop()?.setResult(); }
      dataReceived(data) {
        received += data.length;
        if (received === 2 ** 24) waiting.pop().setResult();
      }
      connectionLost() { waiting.pop()?.setResult(); }
    }
    await run(function* () {
      const loop = getRunningLoop();
      const next = () => { const one = loop.createFuture(); waiting.push(one); return one; };
      const server = yield* createServer(() => new Flood(), '127.0.0.1', 0);
      const [host, port] = server.sockets[0].getsockname();
      const connect = () => net.connect(port, host).on('error', () => {});
      let came = next();
      const peer = connect();
      peer.pause();
      yield* came;
      const before = rss();
      const piece = Buffer.alloc(2 ** 14, 65);
      for (let n = 0; n < 200 * 2 ** 20; n += piece.length) connections[0].write(piece);
      yield* sleep(0);
      const high = rss();
      const lost = next();
      peer.destroy();
      yield* lost;
      connections.length = 0;
      for (let n = 0; n < 3; n++) { gc(); yield* sleep(0); }
      // What the collector has freed is seen with what comes next.
      came = next();
      const other = connect();
      yield* came;
      came = next();
      other.write(Buffer.alloc(2 ** 24));
      yield* came;
      other.destroy();
      server.close();
      console.log(before, high, rss());
    });`);
  expect(high! - before!).toBeGreaterThan(150 * 2 ** 20);
  // With the 16 MiB that came last.
  expect(after! - before!).toBeLessThan(100 * 2 ** 20);
});
