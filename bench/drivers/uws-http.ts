// HTTP hello on uWebSockets.js, whose addon is the first argument.
import { announce } from './control.ts';
import { listen, uws } from './uws.ts';

listen(
  uws.App().get('/*', (response) => response.end('Hello, World!')),
  announce,
);
