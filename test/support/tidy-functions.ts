import { blankOut } from './tidy-blank.ts';
import { lineAt } from './tidy-files.ts';
import type { SourceFile } from './tidy-files.ts';

/** A function as it stands in a file; `lines` counts from its header to its closing brace. */
export interface FunctionSpan {
  readonly header: string;
  readonly line: number;
  readonly lines: number;
}

interface Block {
  readonly header: string;
  readonly start: number;
  readonly isFunction: boolean;
  readonly parens: number;
}

const CONTROL = /^(if|for|while|switch|catch|else|do|try|extern)\b/;
const DECLARATION = new RegExp(
  '^(template\\s*<[^{]*>\\s*)?((export|default|abstract|declare|static|inline)\\s+)*'
  + '(class|struct|enum|union|namespace|interface)\\b',
);
// What may stand between the parameters and the body: a return type, const, noexcept, and so on.
const AFTER_PARAMETERS = /\)\s*(:[^;{}=]*|(const|noexcept|override|final|mutable|->[^;{}=]*|\s)*)$/;

/** A suite of tests is a list, not a function: `describe` may be as long as its file. */
const LIST = /(^|[^\w.])describe(\.\w+)?\(/;

function isFunctionHeader(header: string): boolean {
  if (LIST.test(header)) return false;
  if (header.endsWith('=>')) return true;
  if (header === '' || CONTROL.test(header) || DECLARATION.test(header)) return false;
  if (/\[[^\]]*\]$/.test(header)) return /[=(,]\s*\[[^\]]*\]$|^\[|return\s*\[/.test(header);
  return AFTER_PARAMETERS.test(header);
}

/** Every function of a TypeScript or C++ file that has a body in braces. */
export function functionsOf(file: SourceFile): FunctionSpan[] {
  const code = blankOut(file.text, /\.(cc|h)$/.test(file.path) ? 'cc' : 'ts');
  const found: FunctionSpan[] = [];
  const blocks: Block[] = [];
  let parens = 0;
  let headerStart = 0;
  for (let at = 0; at < code.length; at += 1) {
    const character = code[at];
    if (character === '(') parens += 1;
    if (character === ')') parens -= 1;
    if (character === ';' && parens <= 0) headerStart = at + 1;
    if (character === '{') {
      const text = code.slice(headerStart, at);
      const header = text.trim();
      blocks.push({ header, start: headerStart + text.length - text.trimStart().length,
        isFunction: isFunctionHeader(header), parens });
      parens = 0;
      headerStart = at + 1;
    }
    if (character === '}') {
      const block = blocks.pop();
      parens = block?.parens ?? 0;
      // Inside parentheses the statement goes on after the brace; outside a new one begins.
      headerStart = at + 1;
      if (block?.isFunction) found.push(span(code, block, at));
    }
  }
  return found;
}

function span(code: string, block: Block, end: number): FunctionSpan {
  const line = lineAt(code, block.start);
  const header = block.header.replace(/\s+/g, ' ').slice(0, 60);
  return { header, line, lines: lineAt(code, end) - line + 1 };
}
