// Makes lib/native/layout.ts and native/ring/layout_hash.h from native/ring/layout.h.
//
//   node tools/generate-layout.mjs           writes both
//   node tools/generate-layout.mjs --check   exits with 1 when one of them is stale
//
// The header is read line by line with a grammar of three forms, which is all that a layout needs;
// any other code is an error, so that no constant is silently lost:
//
//   constexpr uint32_t kName = <integer, or integer << integer>;
//   enum class Name : uint32_t { ... };   with one `kMember = <integer>,` a line
//   comments, #pragma, #include, static_assert, namespace

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const CONSTANT = /^constexpr uint32_t k(\w+) = ([^;]+);\s*(?:\/\/ (.*))?$/;
const ENUM = /^enum class (\w+) : uint32_t \{$/;
const MEMBER = /^k(\w+) = ([^,]+),?\s*(?:\/\/ (.*))?$/;
const COMMENT = /^\/\/ ?(.*)$/;
const PASSED_OVER = /^(#pragma once|#include .*|namespace .*\{|\}\s*\/\/ namespace.*)$/;

/** PascalCase to UPPER_SNAKE: `ReadyHead` to `READY_HEAD`, `HeadVersion10` to `HEAD_VERSION10`. */
export function upperSnake(name) {
  return name.replace(/([a-z0-9])(?=[A-Z])/g, '$1_').toUpperCase();
}

/** The value of an integer or of one shift, the two forms that a layout needs. */
export function evaluate(text) {
  const match = /^(0x[0-9a-f]+|\d+)u?(?: << (\d+)u?)?$/i.exec(text.trim());
  if (!match) throw new Error(`"${text}" is neither an integer nor a shift of one`);
  const value = Number(match[1]) * 2 ** Number(match[2] ?? 0);
  if (value > 0xffffffff) throw new Error(`"${text}" does not fit in 32 bits`);
  return value;
}

/**
 * The constants of a layout header, in its order. `gap` says that an empty line precedes the
 * constant.
 * @returns {Array<{name: string, value: number, hex: boolean, comment: string[], gap: boolean}>}
 */
export function parseLayout(source) {
  const state = { constants: [], comment: [], prefix: '', inAssert: false, gap: false };
  for (const [index, line] of source.split('\n').entries()) {
    try {
      parseLine(state, line.trim());
    } catch (error) {
      throw new Error(`layout.h:${index + 1}: ${error.message}`);
    }
  }
  return state.constants;
}

function parseLine(state, line) {
  if (state.inAssert || line.startsWith('static_assert')) {
    state.inAssert = !line.endsWith(';');
    return;
  }
  if (line === '') {
    // A comment that is followed by an empty line belongs to the file, not to the next constant.
    state.comment = [];
    state.gap = true;
    return;
  }
  const comment = COMMENT.exec(line);
  if (comment) {
    state.comment.push(comment[1]);
    return;
  }
  const declaration = ENUM.exec(line);
  if (declaration) {
    state.prefix = `${upperSnake(declaration[1])}_`;
    return;
  }
  if (state.prefix && line === '};') {
    state.prefix = '';
    return;
  }
  const constant = (state.prefix ? MEMBER : CONSTANT).exec(line);
  if (constant) {
    addConstant(state, constant);
    return;
  }
  if (!PASSED_OVER.test(line)) throw new Error(`"${line}" is no form that this reader knows`);
  state.comment = [];
}

function addConstant(state, [, name, text, trailing]) {
  const full = state.prefix + upperSnake(name);
  if (state.constants.some((constant) => constant.name === full)) {
    throw new Error(`${full} is there twice`);
  }
  const comment = trailing ? [...state.comment, trailing] : state.comment;
  const { gap } = state;
  state.constants.push({ name: full, value: evaluate(text), hex: /^0x/.test(text), comment, gap });
  state.comment = [];
  state.gap = false;
}

/** FNV-1a hash of names and values: comments and formatting may change without a rebuild. */
export function hashLayout(constants) {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(constants.map((c) => `${c.name}=${c.value}\n`).join(''))) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash;
}

const hex = (value) => `0x${value.toString(16).padStart(8, '0')}`;

function jsdoc(comment) {
  if (comment.length === 0) return [];
  const short = `/** ${comment[0]} */`;
  if (comment.length === 1 && short.length <= 100) return [short];
  return ['/**', ...comment.map((line) => ` * ${line}`.trimEnd()), ' */'];
}

/** The text of lib/native/layout.ts. */
export function renderTypeScript(constants) {
  const lines = [
    '// Generated from native/ring/layout.h by tools/generate-layout.mjs. Do not edit.',
    '// Every constant is a module constant, so that V8 folds it into the code that uses it.',
    '',
    '/** Of the names and values below; the loader compares it with the hash in the binary. */',
    `export const LAYOUT_HASH = ${hex(hashLayout(constants))};`,
  ];
  for (const { name, value, hex: isHex, comment, gap } of constants) {
    if (gap) lines.push('');
    lines.push(...jsdoc(comment), `export const ${name} = ${isHex ? hex(value) : value};`);
  }
  return `${lines.join('\n')}\n`;
}

/** The text of native/ring/layout_hash.h. */
export function renderHashHeader(constants) {
  return [
    '// Generated from native/ring/layout.h by tools/generate-layout.mjs. Do not edit.',
    '#pragma once',
    '',
    '#include <cstdint>',
    '',
    'namespace oxbow::layout {',
    '',
    '// Of the names and values in layout.h; lib/native/layout.ts has the same number.',
    `constexpr uint32_t kLayoutHash = ${hex(hashLayout(constants))};`,
    '',
    '}  // namespace oxbow::layout',
    '',
  ].join('\n');
}

const inRoot = (path) => new URL(`../${path}`, import.meta.url);

/** Both generated files, as [URL, text]. */
export function generate(source = readFileSync(inRoot('native/ring/layout.h'), 'utf8')) {
  const constants = parseLayout(source);
  return [
    [inRoot('lib/native/layout.ts'), renderTypeScript(constants)],
    [inRoot('native/ring/layout_hash.h'), renderHashHeader(constants)],
  ];
}

function main(check) {
  for (const [url, text] of generate()) {
    if (existsSync(url) && readFileSync(url, 'utf8') === text) continue;
    if (check) {
      console.error(`${url.pathname} is stale; run: node tools/generate-layout.mjs`);
      process.exitCode = 1;
    } else {
      writeFileSync(url, text);
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main(process.argv.includes('--check'));
}
