// Errors of the system, in Node's shape.
import { constants } from 'node:os';

import { errnoError, errnoOf } from '#lib/core/errors/errno.js';

test('message, code, errno, syscall, address, port', () => {
  const { ECONNREFUSED } = constants.errno;
  const error = errnoError(-ECONNREFUSED, 'connect', { address: '127.0.0.1', port: 1 });
  expect(error).toBeInstanceOf(Error);
  expect({ ...error, message: error.message }).toEqual({
    message: 'connect ECONNREFUSED 127.0.0.1:1',
    code: 'ECONNREFUSED',
    errno: -ECONNREFUSED,
    syscall: 'connect',
    address: '127.0.0.1',
    port: 1,
  });
});

test('the sign does not matter, details may be missing', () => {
  const error = errnoError(constants.errno.EMFILE, 'accept');
  expect([error.message, error.code, error.errno, 'address' in error]).toEqual([
    'accept EMFILE',
    'EMFILE',
    -constants.errno.EMFILE,
    false,
  ]);
  expect(errnoError(-constants.errno.EACCES, 'listen', { address: '/run/x' }).message).toBe(
    'listen EACCES /run/x',
  );
});

test('errors that only the C library knows have a code too', () => {
  const { EDEADLK = 35 } = constants.errno;
  expect(errnoError(-EDEADLK, 'turn').code).toMatch(/^E[A-Z]+$/);
});

test('by name, errors have the number of this platform', () => {
  const names = [
    'EADDRNOTAVAIL',
    'EAGAIN',
    'EBUSY',
    'ECONNRESET',
    'EFAULT',
    'EPIPE',
    'ETIMEDOUT',
  ] as const;
  for (const name of names) {
    expect(errnoOf(name)).toBe(-constants.errno[name]);
    expect(errnoError(name, 'read')).toMatchObject({ code: name, errno: -constants.errno[name] });
  }
});
