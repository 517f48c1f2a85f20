/** Parsers for the response headers Link and Content-Disposition. */

/** One link of a `Link` header (RFC 8288). */
export interface ResponseLink {
  /** Absolute: relative URLs are resolved against that of the response. */
  readonly url: string;
  /** The parameters, such as `rel`, `title` and `type`, by lower-case name. */
  readonly params: Readonly<Record<string, string>>;
}

/** How a body is meant to be presented (RFC 6266). */
export interface ContentDisposition {
  /** `inline`, `attachment`, …, in lower case. */
  readonly type: string;
  /**
   * The file name suggested by the server; null for none. It is not sanitised and may contain
   * slashes: use `path.basename` of it.
   */
  readonly filename: string | null;
  /** All parameters, by lower-case name. */
  readonly params: Readonly<Record<string, string>>;
}

/** A parameter after a value: `; name=token` or `; name="quoted"`. */
const PARAM = /[;\s]*([\w!#$%&'*+.^`|~-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/y;

/** How many links of a response are read. */
const LINKS_MAX = 256;

/**
 * The links of a response by relation. A link without a relation is skipped; the first of several
 * with the same relation is used.
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

/** Null when the header is absent or malformed. */
export function dispositionOf(header: string | null): ContentDisposition | null {
  const type = /^\s*([\w!#$%&'*+.^`|~-]+)/.exec(header ?? '');
  if (type === null) return null;
  const { params } = paramsOf(header!, type[0].length);
  const filename = params['filename'] ?? null;
  return { type: type[1]!.toLowerCase(), filename, params };
}

/** `name*=UTF-8''…` takes precedence over `name=…`. */
function paramsOf(text: string, from: number): { params: Record<string, string>; end: number } {
  const params: Record<string, string> = Object.create(null);
  const extended = new Set<string>();
  let end = from;
  for (;;) {
    // A semicolon begins a parameter; a comma begins the next value.
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

/** A value encoded as in RFC 8187; null when it is invalid. */
function extendedValue(value: string): string | null {
  const found = /^(utf-8|iso-8859-1)'[^']*'(.*)$/i.exec(value);
  if (found === null) return null;
  const bytes = found[2]!.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return found[1]!.toLowerCase() === 'utf-8' ? utf8(bytes) : bytes;
}

/** Header values are bytes; those above 127 are usually UTF-8 that a server did not escape. */
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
