// An API over HTTPS: routes, middleware, JSON, uploads, events, and a thread on each processor.
//
//   node build/ts/examples/api.js [--port 8443] [--workers auto] [--tls CERT,KEY]
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { run, sleep } from 'oxbow';
import {
  accessLog,
  ContextKey,
  cors,
  group,
  HttpError,
  requestId,
  Response,
  securityHeaders,
  serve,
} from 'oxbow/http';
import type { Next, Request } from 'oxbow/http';

interface Note {
  readonly id: number;
  readonly text: string;
}

const NOTES = new ContextKey<Map<number, Note>>('notes');
const USER = new ContextKey<string>('user');

/** Who may change something says who it is: `Authorization: Bearer ann`. */
function signedIn(request: Request, next: Next) {
  const [, user] = /^Bearer (\w+)$/.exec(request.headers.get('authorization') ?? '') ?? [];
  if (user === undefined) throw new HttpError(401, 'who are you?');
  request.set(USER, user);
  return next();
}

function noteOf(request: Request<{ id: string }>): Note {
  const note = request.get(NOTES).get(Number(request.params.id));
  if (note === undefined) throw new HttpError(404, 'there is no such note');
  return note;
}

const notes = group({
  routes: {
    '/': {
      GET: (request) => Response.json([...request.get(NOTES).values()]),
      *POST(request) {
        const { text } = yield* request.json<{ text?: unknown }>();
        if (typeof text !== 'string') throw new HttpError(422, 'a note has a text');
        const all = request.get(NOTES);
        const note = { id: all.size + 1, text };
        all.set(note.id, note);
        return Response.json(note, { status: 201, headers: { location: `/notes/${note.id}` } });
      },
    },
    '/:id(\\d+)': (request) => Response.json(noteOf(request)),
  },
});

function* upload(request: Request) {
  const form = yield* request.formData();
  const files = [...form].flatMap(([field, value]) =>
    typeof value === 'string' ? [] : [{ field, name: value.name, bytes: value.size }],
  );
  return Response.json({ by: request.get(USER), files });
}

/** Three ticks of a clock, as server-sent events. */
function* ticks() {
  for (let n = 1; n <= 3; n++) {
    yield { event: 'tick', id: String(n), data: { n } };
    yield* sleep('100ms');
  }
}

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8443' },
    workers: { type: 'string' },
    tls: { type: 'string' },
  },
});
const [cert, key] = values.tls?.split(',').map((file) => readFileSync(file, 'utf8')) ?? [];

const options = {
  port: Number(values.port),
  ...(cert === undefined ? {} : { tls: { cert, key: key ?? cert } }),
  onStart: (server: { set(key: ContextKey<Map<number, Note>>, value: Map<number, Note>): void }) =>
    server.set(NOTES, new Map()),
  middleware: [accessLog({ format: 'json' }), requestId(), securityHeaders(), cors()],
  routes: {
    '/health': new Response('ok'),
    '/notes': notes,
    '/uploads': group({ middleware: [signedIn], routes: { '/': { POST: upload } } }),
    '/ticks': () => Response.sse(ticks()),
  },
};

await run(function* () {
  const { workers } = values;
  const server = yield* workers === undefined
    ? serve(options)
    : serve({ ...options, workers: workers === 'auto' ? workers : Number(workers) });
  console.error(`listening on ${server.url}`);
  yield* server.serveForever();
});
