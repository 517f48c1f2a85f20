// Which name somebody may have meant.
import { nearest } from '#lib/core/support/nearest.js';

const COMMANDS = ['run', 'repl', 'trace', 'ps', 'pstree', 'top'];

test('a slip finds its name', () => {
  expect(
    ['rnu', 'tarce', 'pstre', 'p', 'tpo', 'TOP', 'rum'].map((word) => nearest(word, COMMANDS)),
  ).toEqual(['run', 'trace', 'pstree', 'ps', 'top', 'top', 'run']);
  expect(
    ['baseurl', 'max_redirects', 'time_out', 'raise_for_status'].map((word) =>
      nearest(word, ['baseUrl', 'maxRedirects', 'timeout', 'raiseForStatus']),
    ),
  ).toEqual(['baseUrl', 'maxRedirects', 'timeout', 'raiseForStatus']);
  expect(nearest('get', ['POST', 'GET', 'PUT'])).toBe('GET');
});

test('another word finds none', () => {
  expect(['nope', 'start', 'list', 'x', 'tls'].map((word) => nearest(word, COMMANDS))).toEqual([
    null,
    null,
    null,
    null,
    null,
  ]);
  expect(nearest('anything', [])).toBe(null);
});
