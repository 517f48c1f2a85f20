// testClient: an application without a socket, on the loop that runs and outside of any.
import { getRunningLoop, run, sleep } from 'oxbow';
import { Response } from 'oxbow/http';
import { runVirtual, testClient } from 'oxbow/testing';

const app = {
  routes: {
    '/users/:id': (request: { params: { id?: string } }) => Response.json(request.params),
    *'/slow'() {
      yield* sleep('1h');
      return new Response('an hour later');
    },
  },
};

test('outside of any loop: each request runs a loop of its own, in virtual time', async () => {
  const hooks: string[] = [];
  const client = testClient({
    ...app,
    fetch: async (request) => new Response(await request.text(), { status: 201 }),
    onStart: () => void hooks.push('start'),
    onStop: () => void hooks.push('stop'),
  });
  const response = await client.get('/users/7');
  expect(response.status).toBe(200);
  expect(response.ok).toBe(true);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toEqual({ id: '7' });
  expect(await (await client.get('/slow')).text()).toBe('an hour later');
  const [first, second] = await Promise.all([
    client.post('/echo', { body: 'a' }),
    client.put('/echo', { body: 'b' }),
  ]);
  expect([first.status, await first.text(), await second.text()]).toEqual([201, 'a', 'b']);
  await client.close();
  await client.close();
  expect(hooks).toEqual(['start', 'stop']);
  expect(() => client.get('/')).toThrow('the test client is closed');
});

test('inside runVirtual: on its loop, in both lanes, several at once', async () => {
  await runVirtual(function* () {
    const client = testClient(app);
    const began = getRunningLoop().time();
    const requests = [client.get('/slow'), client.get('/slow'), client.get('/users/1')];
    for (const request of requests) expect((yield* request).status).toBe(200);
    expect(getRunningLoop().time() - began).toBeLessThan(3601);
    const response = yield* client.get('/users/1');
    expect(yield* response.json()).toEqual({ id: '1' });
    expect(yield* response.bytes()).toHaveLength(10);
    yield* client.close();
  });
  await runVirtual(async () => {
    await using client = testClient((request) => new Response(request.path));
    expect(await (await client.get('/a')).text()).toBe('/a');
  });
});

test('inside a loop in real time, and for what is no application, it is an error', async () => {
  await run(async () => {
    expect(() => testClient(app)).toThrow(/virtual time/);
  });
  expect(() => testClient(5 as never)).toThrow(/options of serve\(\) or a handler, not 5/);
  const nothing = testClient({});
  await expect(Promise.resolve(nothing.get('/'))).rejects.toThrow(/needs fetch or routes/);
  await nothing.close();
});
