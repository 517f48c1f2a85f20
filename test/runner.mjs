// The runner of the tests: jest-light-runner, with child processes, a channel for each test, and
// the slow ones first.
//
// A worker asks the runner for its settings when it gets its first test. The answer goes to every
// worker that has a test, but once only: one that does not listen yet has lost it, is not answered
// when it asks itself, and the whole run waits for it for ever (about one run in a hundred).

import LightRunner from 'jest-light-runner/child-process';

/** Files that wait for seconds. A clean checkout has no times of earlier runs to order them by. */
const SLOW = [
  'package/package',
  'process/scraper',
  'http/slow-takers',
  'unit/readme',
  'http/bodies',
  'process/soak',
  'http/workers',
];
const isSlow = ({ path }) => SLOW.some((name) => path.endsWith(`/${name}.test.js`));

export default class Runner extends LightRunner {
  /** The slow ones come first: else one worker has them at the end, and the other nothing to do. */
  runTests(tests, ...rest) {
    const ordered = [...tests.filter(isSlow), ...tests.filter((test) => !isSlow(test))];
    return super.runTests(ordered, ...rest);
  }

  _runTest(test) {
    const { config: projectConfig } = test.context;
    if (this._testRunners.has(projectConfig)) {
      const { pool } = this._testRunners.get(projectConfig);
      return pool.run(test.path, { channel: this.#channel(projectConfig) });
    }
    // Makes the pool. A channel that one worker alone has is as good as ours.
    return super._runTest(test);
  }

  #channel(projectConfig) {
    let answer;
    const workerData = {
      globalConfig: this._globalConfig,
      projectConfig,
      runtime: this._runtime,
    };
    return {
      onMessage(listener) {
        answer = listener;
      },
      postMessage(message) {
        if (message !== 'jest-light-runner-get-worker-data') return;
        answer({ type: 'jest-light-runner-worker-data', workerData });
      },
    };
  }
}
