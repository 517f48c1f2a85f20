const HREF = /<a\s[^>]*?href\s*=\s*["']?([^"'\s>]+)/gi;

/** What can be crawled. */
export function isWeb({ protocol }: URL): boolean {
  return protocol === 'http:' || protocol === 'https:';
}

/** The http: and https: links of a page, absolute and without fragment. */
export function linksOf(html: string, base: string): string[] {
  const links: string[] = [];
  for (const [, href] of html.matchAll(HREF)) {
    const target = href!.replaceAll('&amp;', '&');
    if (!URL.canParse(target, base)) continue;
    const url = new URL(target, base);
    url.hash = '';
    if (isWeb(url)) links.push(url.href);
  }
  return links;
}
