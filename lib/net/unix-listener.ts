import type { EventLoop } from '../core/loop/event-loop.ts';
import { Listener, type ListenOptions } from '../io/listener.ts';
import { PORT_UNIX } from '../native/layout.ts';
import { explained, isAbstract, removeStale } from './unix-path.ts';

/**
 * A listener at the path of a Unix socket; replaces a stale socket file.
 * @throws an Error with `code` EADDRINUSE, EACCES, ENAMETOOLONG, …
 */
export function unixListener(loop: EventLoop, path: string, options: ListenOptions): Listener {
  if (!isAbstract(path)) removeStale(path);
  try {
    return new Listener(loop, { address: path, port: PORT_UNIX, family: 4 }, options);
  } catch (error) {
    throw explained(error, path);
  }
}
