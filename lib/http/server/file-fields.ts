/** What is said of a file by its name. */
import { loadPackage } from '../message/packages.ts';

interface MrmimePackage {
  lookup(name: string): string | undefined;
}

let mrmime: MrmimePackage | null = null;

/** Types of text whose characters would be guessed otherwise. */
const TEXT = /^(?:text\/|application\/(?:javascript|json|xml|manifest\+json)|image\/svg\+xml)/;

/** The content type that the end of a name stands for, by the table of the package `mrmime`. */
export function typeOfName(path: string): string {
  mrmime ??= loadPackage<MrmimePackage>('mrmime');
  const type = mrmime.lookup(path) ?? 'application/octet-stream';
  return TEXT.test(type) ? `${type};charset=UTF-8` : type;
}

/** The Content-Disposition that has a browser save a file (RFC 6266). */
export function dispositionOf(download: true | string, path: string): string {
  const name = download === true ? path.slice(path.lastIndexOf('/') + 1) : download;
  // What is no plain text would end the value, or be read in different ways.
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
