// The application of Hono that all of its servers serve as it is.
import { Hono } from 'hono';

export const app = new Hono();
app.get('/', (context) => context.text('Hello, World!'));
