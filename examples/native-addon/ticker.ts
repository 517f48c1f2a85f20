// A C thread posts 100,000 items into this loop. Build the addon first (CMakeLists.txt beside it):
//
//   node build/ts/examples/native-addon/ticker.js build/native-addon/ticker.node
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

import { getRunningLoop, run } from 'oxbow';

interface Ticker {
  start(api: object, loop: number, functionId: number, count: number): void;
  join(): number;
  counted(): [run: number, dropped: number];
}

const COUNT = 100_000;

const ticker = createRequire(import.meta.url)(resolve(process.argv[2]!)) as Ticker;

await run(function* () {
  const loop = getRunningLoop();
  const last = loop.createFuture<void>();
  let called = 0;
  const handle = loop.share({
    tick(bytes: Buffer) {
      if (bytes.readUInt32LE(0) !== called * 10) throw new Error('out of order');
      called++;
      if (called === COUNT / 10) last.setResult();
    },
  });
  ticker.start(loop.nativeApi(), loop.nativeId(), handle.functionId('tick'), COUNT);
  yield* last;
  const code = ticker.join();
  yield; // the last nine items are behind the last call
  yield;
  handle.close();
  console.log(`${called} calls, ${ticker.counted()[0]} callbacks, code ${code}`);
});
