/** The class Socket by itself: kinds, options, addresses, and whose the descriptor is. */
import { closeSync, fstatSync, openSync } from 'node:fs';

import { Socket, type SocketAddress } from 'oxbow';

import { ipv6, testWith } from '../support/needs.ts';

const isOpen = (descriptor: number): boolean => {
  try {
    fstatSync(descriptor);
    return true;
  } catch {
    return false;
  }
};

test('a kind, and what it is when it is taken over by its number', () => {
  for (const [options, text] of [
    [{}, 'IPv4 stream'],
    [{ family: 4, type: 'datagram' }, 'IPv4 datagram'],
    [{ family: 'unix' }, 'unix stream'],
    [{ family: 'unix', type: 'seqpacket' }, 'unix seqpacket'],
  ] as const) {
    using socket = new Socket(options);
    const descriptor = socket.fileno();
    expect(String(socket)).toContain(`<Socket fd=${descriptor} ${text}`);
    expect(socket.detach()).toBe(descriptor);
    expect(socket.fileno()).toBe(-1);
    expect(isOpen(descriptor)).toBe(true);
    using again = Socket.from(descriptor);
    expect(again).toMatchObject({ family: socket.family, type: socket.type });
    expect(again.fileno()).toBe(descriptor);
    again.close();
    again.close();
    expect(isOpen(descriptor)).toBe(false);
    expect(String(again)).toBe(`<Socket closed ${text}>`);
  }
});

test('options by name', () => {
  using socket = new Socket();
  for (const name of ['reuseAddress', 'reusePort', 'keepAlive', 'noDelay', 'broadcast'] as const) {
    expect(socket.getsockopt(name)).toBe(false);
    socket.setsockopt(name, true);
    expect(socket.getsockopt(name)).toBe(true);
  }
  for (const [name, value] of [
    ['keepIdle', 7],
    ['keepInterval', 3],
    ['keepCount', 2],
    ['linger', 5],
    ['linger', 0],
    ['linger', null],
  ] as const) {
    socket.setsockopt(name, value);
    expect(socket.getsockopt(name)).toBe(value);
  }
  socket.setsockopt('receiveBuffer', 65536);
  expect(socket.getsockopt('receiveBuffer')).toBeGreaterThanOrEqual(65536);
  expect(socket.getsockopt('error')).toBe(0);
  expect(socket.getsockopt('listening')).toBe(false);
  socket.bind(['127.0.0.1', 0]);
  socket.listen();
  expect(socket.getsockopt('listening')).toBe(true);
});

testWith(ipv6())('IPv6', () => {
  using socket = new Socket({ family: 6 });
  socket.setsockopt('ipv6Only', true);
  expect(socket.getsockopt('ipv6Only')).toBe(true);
  socket.bind(['::1', 0]);
  const [host, port] = socket.getsockname() as SocketAddress;
  expect(host).toBe('::1');
  expect(port).toBeGreaterThan(0);
  using other = new Socket({ family: 6 });
  expect(() => other.bind(['::1', port])).toThrow(
    expect.objectContaining({ code: 'EADDRINUSE', syscall: 'bind', address: '::1', port }),
  );
});

test('a pair', () => {
  const [one, other] = Socket.pair({ type: 'datagram' });
  expect([one.family, one.type, other.type]).toEqual(['unix', 'datagram', 'datagram']);
  expect([one.getsockname(), one.getpeername()]).toEqual(['', '']);
  one.close();
  other.close();
});

test('dup: the same socket, until both are closed', () => {
  const socket = new Socket();
  socket.bind(['127.0.0.1', 0]);
  socket.listen();
  using copy = socket.dup();
  expect(copy.fileno()).not.toBe(socket.fileno());
  expect([copy.family, copy.type]).toEqual([4, 'stream']);
  const address = socket.getsockname();
  socket.close();
  expect(copy.getsockname()).toEqual(address);
  expect(copy.getsockopt('listening')).toBe(true);
  expect(() => socket.dup()).toThrow(expect.objectContaining({ code: 'EBADF', syscall: 'dup' }));
});

test('what makes no sense is refused by name', () => {
  const refused = (make: () => unknown): any => {
    try {
      make();
    } catch (error) {
      return error;
    }
    throw new Error('it was not refused');
  };
  const cases: Array<[() => unknown, string, RegExp]> = [
    [
      () => new Socket({ family: 5 as never }),
      'RangeError',
      /family must be 4, 6 or 'unix', not 5/,
    ],
    [() => new Socket({ type: 'raw' as never }), 'RangeError', /type must be one of/],
    [() => new Socket({ proto: -1 }), 'RangeError', /proto/],
    [() => new Socket({ kind: 1 } as never), 'TypeError', /no option 'kind'/],
    [() => new Socket(4 as never), 'TypeError', /options must be an object/],
    [() => Socket.from(-1), 'RangeError', /a descriptor is a whole number/],
    [() => Socket.from(1.5), 'RangeError', /a descriptor is a whole number/],
    [() => Socket.from('3' as never), 'RangeError', /a descriptor is a whole number/],
    [() => Socket.pair({ type: 'x' as never }), 'RangeError', /type must be one of/],
  ];
  using socket = new Socket();
  using unix = new Socket({ family: 'unix' });
  cases.push(
    [() => socket.bind('/path'), 'TypeError', /an address is \[host, port\]/],
    [() => socket.bind(['127.0.0.1', 70000]), 'RangeError', /port/],
    [() => socket.bind(['127.0.0.1', 'http' as never]), 'TypeError', /port must be a number/],
    [() => socket.listen(-1), 'RangeError', /backlog/],
    [() => socket.shutdown('all' as never), 'RangeError', /'read', 'write' or 'both'/],
    [() => socket.setsockopt('noDely' as never, true), 'RangeError', /did you mean 'noDelay'/],
    [() => socket.setsockopt('noDelay', 1), 'TypeError', /noDelay must be true or false/],
    [
      () => socket.setsockopt('keepIdle', 0),
      'RangeError',
      /keepIdle must be a whole number from 1/,
    ],
    [() => socket.setsockopt('error' as never, 0), 'RangeError', /there is no option 'error'/],
    [() => socket.getsockopt('nothing' as never), 'RangeError', /there is no option/],
    [() => unix.bind(['127.0.0.1', 0]), 'TypeError', /is its path/],
  );
  for (const [make, name, message] of cases) {
    expect(refused(make)).toMatchObject({ name });
    expect(refused(make).message).toMatch(message);
  }
  expect(refused(() => unix.bind('x'.repeat(200)))).toMatchObject({ code: 'ENAMETOOLONG' });
  expect(refused(() => unix.bind('a\0b'))).toMatchObject({ code: 'ENAMETOOLONG' });
  expect(refused(() => socket.getpeername())).toMatchObject({ code: 'ENOTCONN' });
  expect(refused(() => socket.bind(['no number', 1]))).toMatchObject({ code: 'EINVAL' });
  const file = openSync(import.meta.filename, 'r');
  expect(refused(() => Socket.from(file))).toMatchObject({ code: 'ENOTSOCK' });
  closeSync(file);
  expect(refused(() => Socket.from(file + 1000))).toMatchObject({ code: 'EBADF' });
  socket.close();
  for (const [syscall, call] of [
    ['bind', () => socket.bind(['127.0.0.1', 0])],
    ['getsockname', () => socket.getsockname()],
    ['setsockopt', () => socket.setsockopt('noDelay', true)],
    ['detach', () => socket.detach()],
  ] as const) {
    expect(refused(call)).toMatchObject({ code: 'EBADF', syscall });
  }
});
