// HTTP hello on uWebSockets.js. The first argument is the path of its addon.
import { announce } from './control.ts';
import { listen, uws } from './uws.ts';

listen(
  uws.App().get('/*', (response) => response.end('Hello, World!')),
  announce,
);
