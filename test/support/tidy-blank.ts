/**
 * Blanks out comments, strings and regular expressions of TypeScript and C++, so that rules about
 * code do not trip over prose. Offsets and lines stay as they are. It is a scanner, not a parser:
 * what it cannot know (is this slash a division?) it guesses from the character before.
 */
export function blankOut(text: string, language: 'ts' | 'cc'): string {
  let out = '';
  let at = 0;
  while (at < text.length) {
    const end = skipped(text, at, language, out.slice(-40));
    if (end > at) {
      out += text.slice(at, end).replace(/[^\n]/g, ' ');
      at = end;
    } else {
      out += text[at];
      at += 1;
    }
  }
  return out;
}

/** Where the comment or literal that starts at `at` ends; `at` when none starts there. */
function skipped(text: string, at: number, language: 'ts' | 'cc', before: string): number {
  const two = text.slice(at, at + 2);
  if (two === '//') return endOf(text, '\n', at, 0);
  if (two === '/*') return endOf(text, '*/', at + 2, 2);
  const character = text[at];
  if (character === '`' && language === 'ts') return endOfTemplate(text, at + 1);
  if (language === 'cc') {
    if (character === '#' && /(^|\n)[ \t]*$/.test(before)) return endOfDirective(text, at);
    const raw = /^R"([^()\\ ]{0,16})\(/.exec(text.slice(at, at + 20));
    if (raw) return endOf(text, `)${raw[1]}"`, at, raw[1]!.length + 2);
    // 1'000'000 is a number.
    if (character === "'" && /[0-9a-fA-F]$/.test(before)) return at + 1;
  }
  if (character === '"' || character === "'") return endOfQuoted(text, at + 1, character);
  if (character === '/' && language === 'ts' && /(^|[(,=:[!&|?{};\n]|return|=>)\s*$/.test(before)) {
    return endOfRegExp(text, at + 1);
  }
  return at;
}

function endOf(text: string, mark: string, from: number, width: number): number {
  const found = text.indexOf(mark, from);
  return found === -1 ? text.length : found + width;
}

function endOfQuoted(text: string, from: number, quote: string): number {
  let at = from;
  while (at < text.length && text[at] !== quote && text[at] !== '\n') {
    at += text[at] === '\\' ? 2 : 1;
  }
  return at + 1;
}

function endOfRegExp(text: string, from: number): number {
  let at = from;
  let inClass = false;
  while (at < text.length && text[at] !== '\n' && (inClass || text[at] !== '/')) {
    if (text[at] === '[') inClass = true;
    if (text[at] === ']') inClass = false;
    at += text[at] === '\\' ? 2 : 1;
  }
  return at + 1;
}

// The code inside ${...} is blanked out too; it is short wherever this project uses it.
function endOfTemplate(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '`') {
    if (text.startsWith('${', at)) at = endOfHole(text, at + 2);
    else at += text[at] === '\\' ? 2 : 1;
  }
  return at + 1;
}

function endOfHole(text: string, from: number): number {
  let depth = 1;
  let at = from;
  while (at < text.length) {
    if (text[at] === '`') {
      at = endOfTemplate(text, at + 1);
      continue;
    }
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    at += 1;
    if (depth === 0) break;
  }
  return at;
}

// A directive goes on over a backslash at the end of its line, and so do the macros of test code.
function endOfDirective(text: string, from: number): number {
  let at = from;
  while (at < text.length && (text[at] !== '\n' || text[at - 1] === '\\')) at += 1;
  return at;
}
