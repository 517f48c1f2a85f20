// The embedded site behind two servers: Oxbow's and Node's.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

import { sleep } from 'oxbow';
import type { Coro } from 'oxbow';
import { Response, serve } from 'oxbow/http';
import type { HttpServer } from 'oxbow/http';
import { answerTo } from './site.ts';

export function* serveWithOxbow(): Coro<HttpServer> {
  return yield* serve({
    fetch({ path }) {
      const { delay, status, location, html } = answerTo(path);
      if (location !== undefined) return Response.redirect(location, status);
      const init = { status, headers: { 'content-type': 'text/html' } };
      if (delay === 0) return new Response(html, init);
      return (function* () {
        yield* sleep(delay);
        return new Response(html, init);
      })();
    },
  });
}

export interface NodeServer {
  url: string;
  close(): void;
}

export async function serveWithNode(): Promise<NodeServer> {
  const timers = new Set<NodeJS.Timeout>();
  // Node's client does not ask again when the server closes an idle connection just as it sends on
  // it: no connection is idle for so long.
  const server = http.createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
    const { delay, status, location, html } = answerTo(request.url!);
    const headers: http.OutgoingHttpHeaders = { 'content-length': Buffer.byteLength(html) };
    if (location !== undefined) headers.location = location;
    else headers['content-type'] = 'text/html';
    const answer = (): unknown => response.writeHead(status, headers).end(html);
    if (delay === 0) answer();
    else if (delay !== Infinity) timers.add(setTimeout(answer, delay * 1000));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      for (const timer of timers) clearTimeout(timer);
      server.close();
      server.closeAllConnections();
    },
  };
}
