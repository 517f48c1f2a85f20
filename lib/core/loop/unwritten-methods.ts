/**
 * Throwing placeholders for the methods that a custom loop has to implement, and for those that
 * only a loop on the native engine has. Without them a call would end with "is not a function".
 */
import { NotImplementedError } from '../errors/errors.ts';

/** The abstract methods of AbstractEventLoop. */
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

/** Further methods of asyncio's loops and of EventLoop. */
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

/** The error for a method that the class of `thing` does not implement. */
export function notImplemented(thing: object, method: string, neededBy = ''): NotImplementedError {
  const needed = neededBy === '' ? '' : `, which ${neededBy}() needs`;
  return new NotImplementedError(
    `${thing.constructor.name} does not implement ${method}()${needed}`,
  );
}

/** Adds a throwing method of each name to the prototype; EventLoop overrides its own. */
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
