/**
 * Tests run as compiled (tsc writes them to build/ts) in plain Node: a vm context of Jest's own
 * would have other Error and Uint8Array classes than the addon and Node's modules. A child process
 * for each worker, not a thread, because tests send signals to their own process.
 */
export default {
  runner: '<rootDir>/test/runner.mjs',
  roots: ['<rootDir>/build/ts/test'],
  testMatch: ['**/*.test.js'],
  setupFilesAfterEnv: ['<rootDir>/build/ts/test/support/time-limit.js'],
  transform: {},
  maxWorkers: 2,
};
