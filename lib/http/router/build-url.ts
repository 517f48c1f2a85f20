/** Builds paths from patterns. */
import { describe } from '../../core/support/describe.ts';
import { parsePattern } from './pattern.ts';
import type { PathParams, Pattern } from './pattern.ts';

/** Values for the parameters of a path. */
export type UrlParams<Path extends string> = {
  readonly [Name in keyof PathParams<Path>]: string | number;
};

/** The query: what `URLSearchParams` accepts. */
export type UrlQuery = ConstructorParameters<typeof URLSearchParams>[0];

/**
 * The path of a pattern with these values for its parameters, which are percent-encoded:
 * `url('/users/:id', { id: 'a/b' })` is `/users/a%2Fb`. Slashes in the value of a `*rest` are kept.
 *
 * @throws TypeError when a value is missing, empty, does not match its regex, or has no parameter;
 * or when the pattern is malformed
 */
export function url<Path extends string>(
  path: Path,
  params?: UrlParams<Path>,
  query?: UrlQuery,
): string {
  if (typeof path !== 'string') {
    throw new TypeError(`url(): path must be a string, not ${describe(path)}`);
  }
  return buildUrl(parsePattern(path), (params ?? {}) as Record<string, unknown>, query);
}

export function buildUrl(
  { path, segments, names }: Pattern,
  params: Readonly<Record<string, unknown>>,
  query?: UrlQuery,
): string {
  const unknown = Object.keys(params).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new TypeError(`${path} has no parameter '${unknown}'`);
  const pieces = segments.map((segment) => {
    if (segment.kind === 'text') return segment.text;
    const value = params[segment.name];
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw new TypeError(`${path}: '${segment.name}' must be a string or a number`);
    }
    const text = String(value);
    if (segment.kind === 'rest') return text.split('/').map(encodeURIComponent).join('/');
    if (text === '' || (segment.regex !== null && !segment.regex.test(text))) {
      throw new TypeError(`${path}: '${text}' is no value for '${segment.name}'`);
    }
    return encodeURIComponent(text);
  });
  const search = query === undefined ? '' : new URLSearchParams(query).toString();
  return `/${pieces.join('/')}${search === '' ? '' : `?${search}`}`;
}
