/** An HTML page that lists a folder. */
import type { Dirent } from 'node:fs';

import { Response } from './response.ts';

/** @param below - whether to link to the parent folder, which is served too */
export function listingOf(
  path: string,
  entries: readonly Dirent[],
  dotfiles: boolean,
  below: boolean,
): Response {
  const shown = entries
    .filter(({ name }) => dotfiles || !name.startsWith('.'))
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort();
  const items = [...(below ? ['../'] : []), ...shown].map(
    (name) => `<li><a href="./${hrefOf(name)}">${escape(name)}</a></li>`,
  );
  const title = escape(decoded(path));
  return new Response(
    `<!doctype html>\n<html><head><meta charset="utf-8"><title>${title}</title></head>\n` +
      `<body><h1>${title}</h1>\n<ul>\n${items.join('\n')}\n</ul>\n</body></html>\n`,
    { headers: { 'content-type': 'text/html;charset=UTF-8' } },
  );
}

function hrefOf(name: string): string {
  // In a name that is not valid UTF-8, Node has replaced bytes, so its link leads nowhere.
  return escape(name.split('/').map(encodeURIComponent).join('/'));
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
