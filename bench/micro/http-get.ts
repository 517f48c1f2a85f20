// http-get --impl oxbow|oxbow-async|node:http|undici|fetch --requests N --port P [--bytes 13]
// [--at-once 64]: GETs, some of them at once on kept connections, from a server that sends
// responses of `bytes` bytes. Reports microseconds of CPU per request. Also runs on Bun, for its
// fetch.
import { countArgument, cpuNs, implementation, report } from './measure.ts';

const requests = countArgument('requests');
const url = `http://127.0.0.1:${countArgument('port')}/`;
const bytes = countArgument('bytes', 13);
const AT_ONCE = countArgument('at-once', 64);
const ANSWER = 'Hello, World!';

/** Checks only the ends of a long text, so as not to measure the check. */
function check(text: string): number {
  if (text.length !== bytes || !text.startsWith(ANSWER)) {
    throw new Error(`wrong answer: ${JSON.stringify(text.slice(0, 100))}`);
  }
  return 1;
}

/** Calls `some` twice: as a warm-up, and to measure. */
async function measure(some: (count: number) => Promise<number>): Promise<void> {
  await some(requests / 5);
  const before = cpuNs();
  const done = await some(requests);
  report((cpuNs() - before) / requests / 1000, { done, expected: requests });
}

/** Divides the requests among those that run at once. */
function shares(count: number): number[] {
  const least = Math.floor(count / AT_ONCE);
  return Array.from({ length: AT_ONCE }, (_, i) => least + (i < count % AT_ONCE ? 1 : 0));
}

const sum = (counts: number[]): number => counts.reduce((all, count) => all + count, 0);

async function onOxbow(): Promise<void> {
  const { gather, run } = await import('oxbow');
  const { ClientSession } = await import('oxbow/http');
  await run(async () => {
    const session = new ClientSession();
    function* some(count: number) {
      let done = 0;
      for (let i = 0; i < count; i++) {
        const response = yield* session.get(url);
        done += check(yield* response.text());
      }
      return done;
    }
    await measure(async (count) => sum(await gather(shares(count).map((each) => some(each)))));
    await session.close();
  });
}

async function onOxbowAsync(): Promise<void> {
  const { createTask, gather, run } = await import('oxbow');
  const { ClientSession } = await import('oxbow/http');
  await run(async () => {
    const session = new ClientSession();
    async function some(count: number) {
      let done = 0;
      for (let i = 0; i < count; i++) {
        const response = await session.get(url);
        done += check(await response.text());
      }
      return done;
    }
    await measure(async (count) =>
      sum(await gather(shares(count).map((each) => createTask(() => some(each))))),
    );
    await session.close();
  });
}

async function onNode(): Promise<void> {
  const http = await import('node:http');
  const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const get = (): Promise<string> =>
    new Promise((resolve, reject) => {
      http
        .get(url, { agent }, (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (piece: string) => {
            text += piece;
          });
          response.on('end', () => resolve(text));
        })
        .on('error', reject);
    });
  async function some(count: number) {
    let done = 0;
    for (let i = 0; i < count; i++) done += check(await get());
    return done;
  }
  await measure(async (count) => sum(await Promise.all(shares(count).map(some))));
  agent.destroy();
}

async function onUndici(): Promise<void> {
  const { Agent, request } = await import('undici');
  const dispatcher = new Agent({ connections: AT_ONCE, pipelining: 1 });
  async function some(count: number) {
    let done = 0;
    for (let i = 0; i < count; i++) {
      const { body } = await request(url, { dispatcher });
      done += check(await body.text());
    }
    return done;
  }
  await measure(async (count) => sum(await Promise.all(shares(count).map(some))));
  await dispatcher.close();
}

async function onFetch(): Promise<void> {
  async function some(count: number) {
    let done = 0;
    for (let i = 0; i < count; i++) done += check(await (await fetch(url)).text());
    return done;
  }
  await measure(async (count) => sum(await Promise.all(shares(count).map(some))));
}

await implementation({
  oxbow: onOxbow,
  'oxbow-async': onOxbowAsync,
  'node:http': onNode,
  undici: onUndici,
  fetch: onFetch,
})();
