/**
 * Text for a terminal. Names from other processes are not trusted: they may contain escape
 * sequences, and characters that occupy no column, or two.
 */
import { stripVTControlCharacters } from 'node:util';

/** Characters that occupy no column: combining marks, and invisible characters. */
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

/** The ranges of characters that occupy two columns: East Asian characters, emoji. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2329, 0x232a],
  [0x23e9, 0x23f3],
  [0x25fd, 0x25fe],
  [0x2614, 0x2615],
  [0x2648, 0x2653],
  [0x267f, 0x267f],
  [0x2693, 0x2693],
  [0x26a1, 0x26a1],
  [0x26aa, 0x26ab],
  [0x26bd, 0x26be],
  [0x26c4, 0x26c5],
  [0x26ce, 0x26ce],
  [0x26d4, 0x26d4],
  [0x26ea, 0x26ea],
  [0x26f2, 0x26f3],
  [0x26f5, 0x26f5],
  [0x26fa, 0x26fa],
  [0x26fd, 0x26fd],
  [0x2705, 0x2705],
  [0x270a, 0x270b],
  [0x2728, 0x2728],
  [0x274c, 0x274c],
  [0x274e, 0x274e],
  [0x2753, 0x2755],
  [0x2757, 0x2757],
  [0x2795, 0x2797],
  [0x27b0, 0x27b0],
  [0x27bf, 0x27bf],
  [0x2b1b, 0x2b1c],
  [0x2b50, 0x2b50],
  [0x2b55, 0x2b55],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b2ff],
  [0x1f004, 0x1f004],
  [0x1f0cf, 0x1f0cf],
  [0x1f18e, 0x1f18e],
  [0x1f191, 0x1f19a],
  [0x1f200, 0x1f320],
  [0x1f32d, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f7e0, 0x1f7eb],
  [0x1f900, 0x1faff],
  [0x20000, 0x3fffd],
];

/** How cut text is marked, and how trees and bars are drawn. */
export interface Style {
  readonly ellipsis: string;
  readonly branch: string;
  readonly last: string;
  readonly pass: string;
  readonly full: string;
  readonly empty: string;
}

export const UNICODE: Style = {
  ellipsis: '…',
  branch: '├── ',
  last: '└── ',
  pass: '│   ',
  full: '█',
  empty: '░',
};
export const ASCII: Style = {
  ellipsis: '~',
  branch: '|-- ',
  last: '`-- ',
  pass: '|   ',
  full: '#',
  empty: '.',
};

/** The style for a terminal, as the environment describes it. */
export function styleFor(
  environment: Readonly<Record<string, string | undefined>>,
  ascii: boolean,
): Style {
  // The first variable that is set counts, as usual.
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
  return !ascii && /utf-?8/i.test(locale) ? UNICODE : ASCII;
}

/**
 * The number of columns: that of the terminal, or of COLUMNS. Output into a file or a pipe is not
 * cut.
 *
 * @param columns - that of the terminal; 0 when unknown; undefined when it is not a terminal
 */
export function widthOf(
  columns: number | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): number {
  const told = columns || Number(environment['COLUMNS']);
  if (Number.isInteger(told) && told > 0) return Math.max(40, Math.min(told, 1000));
  return columns === undefined ? Infinity : 80;
}

/** The text on one line, without anything that a terminal would interpret. */
export function harmless(text: string): string {
  return (
    stripVTControlCharacters(text)
      .replace(/[\r\n\t\p{Zl}\p{Zp}]+/gu, ' ')
      // Remaining control characters, and those that change the direction of writing.
      .replace(/[\p{Cc}\p{Cf}]/gu, '')
      // Lone surrogates.
      .replace(/\p{Cs}/gu, '\ufffd')
  );
}

/** The same, limited to ASCII if the style is ASCII. */
export function drawable(text: string, style: Style): string {
  const clean = harmless(text);
  return style === ASCII ? clean.replace(/[^\x20-\x7e]/gu, '?') : clean;
}

function columnsOf(character: string): number {
  const code = character.codePointAt(0)!;
  if (code < 0x300) return 1;
  if (NO_WIDTH.test(character)) return 0;
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}

/** The number of columns that a text occupies. */
export function columns(text: string): number {
  let sum = 0;
  for (const character of text) sum += columnsOf(character);
  return sum;
}

/** Cuts a text at its end so that it fits. */
export function cutRight(text: string, width: number, style: Style): string {
  if (columns(text) <= width) return text;
  return take([...text], width - 1) + (width > 0 ? style.ellipsis : '');
}

/** Cuts a text at its beginning so that it fits: for paths, whose end is more useful. */
export function cutLeft(text: string, width: number, style: Style): string {
  if (columns(text) <= width) return text;
  const end = [...take([...text].reverse(), width - 1)].reverse().join('');
  return (width > 0 ? style.ellipsis : '') + end;
}

function take(characters: readonly string[], width: number): string {
  let taken = '';
  let left = width;
  for (const character of characters) {
    left -= columnsOf(character);
    if (left < 0) break;
    taken += character;
  }
  return taken;
}

/** Breaks a sentence into lines; a word that is too long for one is cut. */
export function wrap(text: string, width: number, style: Style): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ').map((each) => cutRight(each, width, style))) {
    const last = lines.pop()!;
    if (last === '') lines.push(word);
    else if (columns(last) + 1 + columns(word) <= width) lines.push(`${last} ${word}`);
    else lines.push(last, word);
  }
  return lines;
}

/** Pads a text with spaces. */
export function pad(text: string, width: number, right = false): string {
  const space = ' '.repeat(Math.max(0, width - columns(text)));
  return right ? space + text : text + space;
}

/** A time in seconds, as text with three digits and a suitable unit. */
export function duration(seconds: number, style: Style): string {
  if (!(seconds >= 0)) return '-';
  const micro = style === ASCII ? 'us' : 'µs';
  if (seconds < 0.000_999_5) return `${digits(seconds * 1e6)} ${micro}`;
  if (seconds < 0.999_5) return `${digits(seconds * 1e3)} ms`;
  if (seconds < 60) return `${digits(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${Math.floor(seconds % 60)}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}h ${minutes % 60}m`;
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

function digits(value: number): string {
  if (value >= 99.95) return String(Math.round(value));
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
