/**
 * The methods that a loop of one's own writes, and those that only a loop on the native engine has.
 * Without them here, a call of one would end with "is not a function".
 */
import { NotImplementedError } from '../errors/errors.ts';

/** What is abstract in AbstractEventLoop. */
const ABSTRACT: readonly string[] = [
  'callSoon',
  'callAt',
  'time',
  'runForever',
  'runUntilComplete',
  'stop',
  'close',
  'isRunning',
  'isClosed',
];

/** What asyncio's loops have beyond it, and EventLoop of its own. */
const FURTHER: readonly string[] = [
  'runForeverSync',
  'runUntilCompleteSync',
  'metrics',
  'share',
  'runInExecutor',
  'setDefaultExecutor',
  'shutdownDefaultExecutor',
  'getaddrinfo',
  'getnameinfo',
  'createConnection',
  'createServer',
  'createUnixConnection',
  'createUnixServer',
  'createDatagramEndpoint',
  'connectAcceptedSocket',
  'connectReadPipe',
  'connectWritePipe',
  'startTls',
  'sendfile',
  'subprocessExec',
  'subprocessShell',
  'addReader',
  'removeReader',
  'addWriter',
  'removeWriter',
  'sockRecv',
  'sockRecvInto',
  'sockRecvfrom',
  'sockRecvfromInto',
  'sockSendall',
  'sockSendto',
  'sockConnect',
  'sockAccept',
  'sockSendfile',
  'addSignalHandler',
  'removeSignalHandler',
];

/** The error for a method that the class of `thing` has not written. */
export function notImplemented(thing: object, method: string, neededBy = ''): NotImplementedError {
  const needed = neededBy === '' ? '' : `, which ${neededBy}() needs`;
  return new NotImplementedError(
    `${thing.constructor.name} does not implement ${method}()${needed}`,
  );
}

/** Gives the prototype a method of each name that throws; EventLoop's own come over them. */
export function addUnwritten(prototype: object): void {
  for (const name of [...ABSTRACT, ...FURTHER]) {
    const unwritten = function unwritten(this: object): never {
      throw notImplemented(this, name);
    };
    Object.defineProperty(prototype, name, {
      value: unwritten,
      writable: true,
      configurable: true,
      enumerable: false,
    });
    Object.defineProperty(unwritten, 'name', { value: name });
  }
}
