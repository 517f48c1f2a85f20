/** Header fields of a response that have a form of their own: Link and Content-Disposition. */

/** What a `Link` field says of another resource (RFC 8288). */
export interface ResponseLink {
  /** Absolute: relative ones are resolved against the URL of the response. */
  readonly url: string;
  /** The other parameters, such as `title` and `type`, by name in lower case. */
  readonly params: Readonly<Record<string, string>>;
}

/** How a body is meant to be presented (RFC 6266). */
export interface ContentDisposition {
  /** `inline`, `attachment`, …, in lower case. */
  readonly type: string;
  /**
   * The name that a server suggests for a file; null for none. It is as the server wrote it, and
   * may have slashes: take `path.basename` of it.
   */
  readonly filename: string | null;
  readonly params: Readonly<Record<string, string>>;
}

/** Parameters behind a value: `; name=token; name="quoted"`. */
const PARAM = /[;\s]*([\w!#$%&'*+.^`|~-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/y;

/** Links that are read of one response. */
const LINKS_MAX = 256;

/**
 * The links of a response by relation; a link without one is left out, and of two with the same
 * relation the first counts.
 */
export function linksOf(header: string | null, base: string): Map<string, ResponseLink> {
  const links = new Map<string, ResponseLink>();
  if (header === null) return links;
  const target = /[\s,]*<([^>]*)>/y;
  for (let n = 0; n < LINKS_MAX; n++) {
    const found = target.exec(header);
    if (found === null) break;
    const { params, end } = paramsOf(header, target.lastIndex);
    target.lastIndex = end;
    const url = resolved(found[1]!, base);
    if (url === null) continue;
    for (const rel of (params['rel'] ?? '').toLowerCase().split(/\s+/)) {
      if (rel !== '' && !links.has(rel)) links.set(rel, { url, params });
    }
  }
  return links;
}

/** Null for none, or a malformed one. */
export function dispositionOf(header: string | null): ContentDisposition | null {
  const type = /^\s*([\w!#$%&'*+.^`|~-]+)/.exec(header ?? '');
  if (type === null) return null;
  const { params } = paramsOf(header!, type[0].length);
  const filename = params['filename'] ?? null;
  return { type: type[1]!.toLowerCase(), filename, params };
}

/** `name*=UTF-8''…` counts more than `name=…`. */
function paramsOf(text: string, from: number): { params: Record<string, string>; end: number } {
  const params: Record<string, string> = Object.create(null);
  const extended = new Set<string>();
  let end = from;
  for (;;) {
    // A parameter begins with a semicolon; a comma begins the next value.
    const gap = /\s*;/y;
    gap.lastIndex = end;
    if (!gap.test(text)) break;
    PARAM.lastIndex = gap.lastIndex;
    const found = PARAM.exec(text);
    if (found === null) break;
    end = PARAM.lastIndex;
    const written = found[1]!.toLowerCase();
    const value = found[2] === undefined ? (found[3] ?? '') : found[2].replace(/\\(.)/g, '$1');
    const isExtended = written.endsWith('*');
    const name = isExtended ? written.slice(0, -1) : written;
    const read = isExtended ? extendedValue(value) : utf8(value);
    if (read === null || (!isExtended && extended.has(name))) continue;
    if (!isExtended && name in params) continue;
    if (isExtended) extended.add(name);
    params[name] = read;
  }
  return { params, end };
}

/** RFC 8187; null for anything else. */
function extendedValue(value: string): string | null {
  const found = /^(utf-8|iso-8859-1)'[^']*'(.*)$/i.exec(value);
  if (found === null) return null;
  const bytes = found[2]!.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return found[1]!.toLowerCase() === 'utf-8' ? utf8(bytes) : bytes;
}

/** A header is bytes; those above 127 are mostly UTF-8 that a server forgot to escape. */
function utf8(latin1: string): string {
  if (/^[\0-\x7f]*$/.test(latin1)) return latin1;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(latin1, 'latin1'));
  } catch {
    return latin1;
  }
}

function resolved(reference: string, base: string): string | null {
  return URL.canParse(reference, base) ? new URL(reference, base).href : null;
}
