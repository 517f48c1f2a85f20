// The Hono application that all of its servers serve unchanged.
import { Hono } from 'hono';

export const app = new Hono();
app.get('/', (context) => context.text('Hello, World!'));
