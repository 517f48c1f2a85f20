/**
 * The documents say what is true: every ```ts block of them is a whole program, which must pass
 * the compiler, run, and print what the ```text block right below it says (nothing, without one).
 * One that goes on for ever, or needs more than a program, has `<!-- not run: why -->` above it.
 */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { authority, clientCertificate, serverCertificate } from '../support/certificates.ts';
import { ROOT } from '../support/root.ts';

const DOCUMENTS = [
  'README.md',
  'docs/guide.md',
  'docs/http-bodies.md',
  'docs/http-client.md',
  'docs/http.md',
  'docs/concurrency.md',
  'docs/debugging.md',
  'docs/cli.md',
  'docs/threads.md',
  'docs/websocket.md',
  'docs/tls.md',
  'docs/coming-from-asyncio.md',
];
const LINKED = [
  ...DOCUMENTS,
  'CHANGELOG.md',
  'docs/architecture.md',
  'docs/benchmarks.md',
  'docs/names.md',
  'bench/README.md',
  'examples/README.md',
  'native/README.md',
  'native/http/README.md',
];

// Inside the checkout, so that the blocks' imports of `oxbow` mean this package.
const FOLDER = join(ROOT, 'build', `snippets-${process.pid}`);

interface Snippet {
  /** Document and line, as editors jump there. */
  readonly place: string;
  readonly file: string;
  readonly code: string;
  readonly prints: string;
  readonly runs: boolean;
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const BLOCK = /^(<!-- not run: .+ -->\n)?```ts\n([^]*?)^```\n(?:\s*^```text\n([^]*?)^```\n)?/gm;

function snippetsOf(path: string, text: string): Snippet[] {
  return [...text.matchAll(BLOCK)].map(({ 1: note = '', 2: code, 3: prints = '', index }) => {
    const line = text.slice(0, index + note.length).split('\n').length;
    const file = `${path.replace(/\W/g, '-')}-${line}`;
    return { place: `${path}:${line}`, file, code: code!, prints, runs: note === '' };
  });
}

const snippets = DOCUMENTS.flatMap((path) => snippetsOf(path, read(path)));

function compile(): string {
  mkdirSync(FOLDER, { recursive: true });
  for (const { file, code } of snippets) writeFileSync(join(FOLDER, `${file}.ts`), code);
  writeFileSync(
    join(FOLDER, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../tsconfig.base.json',
      compilerOptions: { rootDir: '.', sourceMap: false, typeRoots: ['../../node_modules/@types'] },
      include: ['*.ts'],
    }),
  );
  const require = createRequire(join(ROOT, 'package.json'));
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  return spawnSync(process.execPath, [tsc, '-p', FOLDER], { encoding: 'utf8', cwd: FOLDER }).stdout;
}

/** What programs about TLS read: of an authority, two servers and a client. */
async function writeCertificates(): Promise<void> {
  const root = await authority('root');
  const files = {
    cert: await serverCertificate(root, { dns: ['localhost'], ips: [] }),
    shop: await serverCertificate(root, { dns: ['*.shop.example'], ips: [] }),
    client: await clientCertificate(root, 'alice'),
  };
  writeFileSync(join(FOLDER, 'ca.pem'), root.cert);
  for (const [name, { chain, key }] of Object.entries(files)) {
    writeFileSync(join(FOLDER, `${name}.pem`), chain);
    writeFileSync(join(FOLDER, name === 'cert' ? 'key.pem' : `${name}-key.pem`), key);
  }
}

let complaints: string;
beforeAll(async () => {
  complaints = compile();
  await writeCertificates();
});
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

test('every block passes the compiler', () => {
  expect(complaints).toBe('');
});

test.each(snippets.filter(({ runs }) => runs).map((snippet) => [snippet.place, snippet] as const))(
  '%s prints what it says',
  async (_place, { file, prints }) => {
    const program = join(FOLDER, `${file}.js`);
    // Colours and debug mode change what is printed, whoever may have asked for them.
    const env = { ...process.env, OXBOW_DEBUG: undefined, FORCE_COLOR: undefined };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program], {
      timeout: 20_000,
      cwd: FOLDER,
      env,
    });
    expect(stdout).toBe(prints);
    // In debug mode a machine that is busy is told of.
    expect(
      stderr.replace(/^\(node:\d+\) OxbowWarning: Executing .* seconds\n(\(Use .*\n)?/gm, ''),
    ).toBe('');
  },
);

test('README begins with one example, in fifteen lines', () => {
  const [example, ...others] = snippets.filter(({ place }) => place.startsWith('README.md'));
  expect(others).toEqual([]);
  const lines = example!.code.split('\n').filter((line) => line.trim() !== '');
  expect(lines.length).toBeLessThanOrEqual(15);
});

test('README gives a reason for every dependency', () => {
  const names = ['dependencies', 'devDependencies'].flatMap((kind) =>
    Object.keys(JSON.parse(read('package.json'))[kind] ?? {}),
  );
  const text = read('README.md');
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

test('the changelog knows the version', () => {
  expect(read('CHANGELOG.md')).toContain(`## ${JSON.parse(read('package.json')).version}`);
});

/** What `#…` in a link can mean: headings, spelled as GitHub does. */
function anchorsOf(text: string): string[] {
  const headings = text.replace(/^```[^]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm);
  return [...headings].map(({ 1: heading }) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

test.each(LINKED)('the links of %s lead somewhere', (path) => {
  const links = [...read(path).matchAll(/\]\(([^)#\s]*)(?:#([^)\s]*))?\)/g)];
  const broken = links.filter(({ 1: target, 2: anchor }) => {
    if (/^[a-z]+:/.test(target!)) return false;
    const file = target === '' ? path : join(dirname(path), target!);
    if (!existsSync(join(ROOT, file))) return true;
    return anchor !== undefined && !anchorsOf(read(file)).includes(anchor);
  });
  expect(broken.map(([link]) => link)).toEqual([]);
});
