// The parts of uWebSockets.js that its drivers use.
import { createRequire } from 'node:module';

export interface UwsResponse {
  end(body: string): UwsResponse;
}

export interface UwsApp {
  get(pattern: string, handler: (response: UwsResponse) => void): UwsApp;
  ws(pattern: string, behavior: object): UwsApp;
  publish(topic: string, message: string | ArrayBuffer, isBinary?: boolean): boolean;
  listen(host: string, port: number, listening: (socket: object | false) => void): UwsApp;
}

export interface Uws {
  App(): UwsApp;
  us_socket_local_port(socket: object): number;
}

/**
 * The addon, whose path is the first argument. The package is not imported, as without an addon for
 * this Node it falls back to a server in JavaScript, almost silently.
 */
export const uws: Uws = createRequire(import.meta.url)(process.argv[2]) as Uws;

/** Listens on a free port of 127.0.0.1. */
export function listen(app: UwsApp, listening: (port: number) => void): void {
  app.listen('127.0.0.1', 0, (socket) => {
    if (socket === false) throw new Error('uWebSockets.js cannot listen');
    listening(uws.us_socket_local_port(socket));
  });
}
