import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const example = fileURLToPath(new URL('../../examples/http-hello.js', import.meta.url));

test('http-hello: a server and a client in one program', () => {
  expect(execFileSync(process.execPath, [example], { encoding: 'utf8' })).toBe(
    '200 hello /world\n',
  );
});
