// What a crawl knows: where to go, where it has been, what it found. Who fetches is not its matter.
import { linksOf } from './links.ts';

/** How one page ended. */
export interface Visit {
  url: string;
  seconds: number;
  /** What went wrong: `HTTP 404`, `timeout`, …; null when nothing did. */
  error: string | null;
}

export class Crawl {
  /** Pages that ended well. */
  pages = 0;
  bytes = 0;
  readonly errors = new Map<string, number>();
  readonly visits: Visit[] = [];
  /** Called after every visit. */
  onVisit: (() => void) | null = null;
  #limit: number;
  #starts: Set<string>;
  #origins: Set<string>;
  #seen = new Set<string>();
  #frontier: string[] = [];
  #next = 0;

  /** @param limit - how many pages are fetched at most */
  constructor(urls: string[], limit: number) {
    this.#limit = limit;
    this.#starts = new Set(urls);
    this.#origins = new Set(urls.map((url) => new URL(url).origin));
    for (const url of urls) this.#add(url);
  }

  /** Pages known so far. */
  get found(): number {
    return this.#frontier.length;
  }

  get failed(): number {
    return this.visits.length - this.pages;
  }

  /** The next page to fetch, or undefined when none is known now. */
  take(): string | undefined {
    const url = this.#frontier[this.#next];
    if (url !== undefined) this.#next += 1;
    return url;
  }

  /** @param base - the URL that answered, after redirections */
  succeeded(url: string, base: string, html: string, seconds: number): void {
    this.pages += 1;
    this.bytes += html.length;
    if (this.#starts.has(url)) this.#movedTo(base);
    for (const link of linksOf(html, base)) this.#add(link);
    this.#visited({ url, seconds, error: null });
  }

  /** A site may send who asks for `http:` on to `https:`, or to another name of its own. */
  #movedTo(base: string): void {
    this.#origins.add(new URL(base).origin);
    this.#seen.add(base);
  }

  fail(url: string, error: string, seconds: number): void {
    this.errors.set(error, (this.errors.get(error) ?? 0) + 1);
    this.#visited({ url, seconds, error });
  }

  slowest(count: number): Visit[] {
    return [...this.visits].sort((a, b) => b.seconds - a.seconds).slice(0, count);
  }

  #visited(visit: Visit): void {
    this.visits.push(visit);
    this.onVisit?.();
  }

  #add(url: string): void {
    if (this.#frontier.length >= this.#limit || this.#seen.has(url)) return;
    if (!this.#origins.has(new URL(url).origin)) return;
    this.#seen.add(url);
    this.#frontier.push(url);
  }
}
