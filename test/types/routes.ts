// What the types of routes say; tsc checks this file when it compiles the tests, nothing runs it.
import { ContextKey, group, Response, serve, url } from 'oxbow/http';
import type { PathParams, Request } from 'oxbow/http';

/** Compiles only when both types are the same. */
function same<A>() {
  return <B>(_value: B & ([A, B] extends [B, A] ? unknown : never)): void => {};
}

declare const two: PathParams<'/users/:id(\\d+)/files/:name/*rest'>;
same<{ readonly id: string; readonly name: string; readonly rest: string }>()(two);
declare const none: PathParams<'/users'>;
same<{}>()(none);

const byId = (request: Request<{ id: string }>): Response => new Response(request.params.id);

void serve({
  routes: {
    '/plain': new Response('x'),
    '/users/:id': (request) => {
      same<string>()(request.params.id);
      // @ts-expect-error: the path has no such parameter
      void request.params.name;
      return new Response(request.params.id);
    },
    '/users/:id/posts/:post': {
      *GET(request) {
        same<{ readonly id: string; readonly post: string }>()(request.params);
        return new Response(yield* request.text());
      },
      PUT: async (request) => new Response(request.params.post),
    },
    '/files/*rest': (request) => new Response(request.params.rest),
    '/by/:id': byId,
    '/group': group({ routes: { '/:key': (request) => new Response(request.params.key) } }),
  },
  fetch: (request, server) => new Response(request.params.anything ?? server.url),
});

// @ts-expect-error: a parameter is missing
url('/users/:id', {});
url('/users/:id', { id: 5 });
url('/users');

const USER = new ContextKey<{ name: string }>('user');
declare const request: Request;
same<{ name: string }>()(request.get(USER));
// @ts-expect-error: of another type
request.set(USER, 5);
