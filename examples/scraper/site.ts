// The embedded site: the same web of pages on every run, made from a page's number alone.

export const PAGES = 3000;

/** What the site answers to a path. */
export interface Answer {
  status: number;
  /** Seconds until it answers; Infinity: never. */
  delay: number;
  location?: string;
  html: string;
}

/** A few pages that never answer, so that a timeout is seen at work. */
const STUCK = new Set([500, 1500, 2500]);

export function answerTo(path: string): Answer {
  if (path === '/loop/a') return redirectTo('/loop/b');
  if (path === '/loop/b') return redirectTo('/loop/a');
  const match = path === '/' ? ['', '0'] : /^\/page\/(\d{1,7})$/.exec(path);
  const number = match === null ? PAGES : Number(match[1]);
  if (number >= PAGES) return page(404, 0, 'Not here');
  if (STUCK.has(number)) return page(200, Infinity, '');
  const kind = number === 0 ? 99 : mix(number) % 100;
  if (kind < 2) return page(500, 0, 'Broken');
  if (kind < 6) return redirectTo(`/page/${mix(number + PAGES) % PAGES}`);
  return page(200, kind < 10 ? 0.05 + (mix(number) % 250) / 1000 : 0, body(number));
}

function redirectTo(location: string): Answer {
  return { status: 302, delay: 0, location, html: '' };
}

function page(status: number, delay: number, content: string): Answer {
  return { status, delay, html: `<!doctype html><html><body>${content}</body></html>` };
}

/** Two links that span the web as a tree, and four to anywhere, one in fifty of them dead. */
function body(number: number): string {
  let links = '';
  for (const child of [2 * number + 1, 2 * number + 2]) {
    if (child < PAGES) links += `<li><a href="/page/${child}">${child}</a>\n`;
  }
  for (let n = 1; n <= 4; n++) {
    const target = mix(number * 7 + n) % Math.floor(PAGES * 1.02);
    links += `<li><a href="../page/${target}">see also ${target}</a>\n`;
  }
  if (number === 100) links += '<li><a href="/loop/a">round and round</a>\n';
  const lines = 10 + (mix(number) % 60);
  return `<h1>Page ${number}</h1><ul>${links}</ul>${TEXT.repeat(lines)}`;
}

const TEXT = '<p>An oxbow is the loop of a river, cut off where the water found a shorter way.\n';

/** A number that looks random and is always the same: a 32-bit finalizer. */
function mix(number: number): number {
  let bits = Math.imul(number + 0x9e3779b9, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
