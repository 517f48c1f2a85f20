import type { Credentials } from './basic-auth.ts';

/** Largest file, in bytes, that is read; a `.netrc` has a few lines. */
const FILE_MAX = 1024 * 1024;

/** A word, possibly quoted, or a comment from `#` to the end of the line. */
const WORD = /"((?:[^"\\]|\\.)*)"|(#[^\n]*)|([^\s"]\S*)/g;

/** Names and passwords by host, from a `.netrc` file as used by ftp and curl. */
export class Netrc {
  readonly #machines: Map<string, Credentials> = new Map();

  constructor(text: string) {
    const words = wordsOf(withoutMacros(text));
    for (let at = 0; at < words.length; at++) {
      if (words[at] !== 'machine') continue;
      const host = words[at + 1]?.toLowerCase();
      const found: Record<string, string> = {};
      for (at += 2; at + 1 < words.length && isField(words[at]!); at += 2) {
        found[words[at]!] = words[at + 1]!;
      }
      at -= 1;
      const { login, password } = found;
      if (host === undefined || password === undefined || this.#machines.has(host)) continue;
      this.#machines.set(host, { username: login ?? '', password });
    }
  }

  /**
   * Reads the file named by `NETRC`, or the one in the home directory; empty when it cannot be
   * read. A `default` entry is ignored: it would be sent to every server.
   */
  static read(variables: Readonly<Record<string, string | undefined>>): Netrc {
    const { readFileSync, statSync } = process.getBuiltinModule('node:fs');
    const { homedir } = process.getBuiltinModule('node:os');
    try {
      // Within the try: for users without a home directory, homedir() throws.
      const path = variables['NETRC'] ?? `${homedir()}/.netrc`;
      const stat = statSync(path);
      if (!stat.isFile() || stat.size > FILE_MAX) return new Netrc('');
      return new Netrc(readFileSync(path, 'utf8'));
    } catch {
      return new Netrc('');
    }
  }

  find(host: string): Credentials | null {
    const found = this.#machines.get(host.toLowerCase()) ?? null;
    return found === null || found.username.includes(':') ? null : found;
  }
}

function isField(word: string): boolean {
  return word === 'login' || word === 'password' || word === 'account';
}

/** Removes macros, which end at an empty line. */
function withoutMacros(text: string): string {
  return text.replace(/^[ \t]*macdef\b[^]*?(?:\r?\n[ \t]*\r?\n|$(?![^]))/gm, '\n');
}

function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const [, inQuotes, comment, bare] of text.matchAll(WORD)) {
    // After a keyword, `#` begins a value: a password may begin with it.
    const isValue = /^(?:login|password|account|machine)$/.test(words.at(-1) ?? '');
    if (inQuotes !== undefined) words.push(inQuotes.replace(/\\(.)/g, '$1'));
    else if (bare !== undefined) words.push(bare);
    else if (isValue)
      words.push(/^\S*/.exec(comment!)![0], ...wordsOf(comment!.replace(/^\S*/, '')));
  }
  return words;
}
