// HTTP hello of a Hono application, served by node:http through @hono/node-server.
import { serve } from '@hono/node-server';
import { announce } from './control.ts';
import { app } from './hono-app.ts';

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => announce(port));
