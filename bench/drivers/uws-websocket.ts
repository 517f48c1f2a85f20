// As oxbow-websocket.ts, on uWebSockets.js. The first argument is the path of its addon.
import { announce } from './control.ts';
import { listen, uws } from './uws.ts';

interface Socket {
  send(message: ArrayBuffer, binary: boolean): number;
  subscribe(topic: string): boolean;
}

const app = uws
  .App()
  .ws('/', {
    message: (socket: Socket, message: ArrayBuffer, binary: boolean) =>
      socket.send(message, binary),
  })
  .ws('/topic', { open: (socket: Socket) => socket.subscribe('topic') })
  .ws('/publish', {
    message: (_socket: Socket, message: ArrayBuffer, binary: boolean) =>
      app.publish('topic', message, binary),
  });

listen(app, announce);
