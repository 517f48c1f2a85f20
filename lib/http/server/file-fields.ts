/** Header values derived from a file's name. */
import { loadPackage } from '../message/packages.ts';

interface MrmimePackage {
  lookup(name: string): string | undefined;
}

let mrmime: MrmimePackage | null = null;

/** Text types that need a charset, since clients would guess it otherwise. */
const TEXT = /^(?:text\/|application\/(?:javascript|json|xml|manifest\+json)|image\/svg\+xml)/;

/** The content type for a file name's extension, from the package `mrmime`. */
export function typeOfName(path: string): string {
  mrmime ??= loadPackage<MrmimePackage>('mrmime');
  const type = mrmime.lookup(path) ?? 'application/octet-stream';
  return TEXT.test(type) ? `${type};charset=UTF-8` : type;
}

/** The Content-Disposition that makes a browser save a file (RFC 6266). */
export function dispositionOf(download: true | string, path: string): string {
  const name = download === true ? path.slice(path.lastIndexOf('/') + 1) : download;
  // Other characters would end the quoted value, or are read differently by different browsers.
  const whole = name.replace(/\p{Surrogate}/gu, '\ufffd');
  const plain = whole.replace(/[^\x20-\x7e]|["%\\]/g, '_');
  const value = `attachment; filename="${plain}"`;
  if (plain === name) return value;
  const encoded = encodeURIComponent(whole).replace(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${value}; filename*=UTF-8''${encoded}`;
}
