// The runner of the tests: jest-light-runner, with child processes, and a channel for each test.
//
// A worker asks the runner for its settings when it gets its first test. The answer goes to every
// worker that has a test, but once only: one that does not listen yet has lost it, is not answered
// when it asks itself, and the whole run waits for it for ever (about one run in a hundred).

import LightRunner from 'jest-light-runner/child-process';

export default class Runner extends LightRunner {
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
