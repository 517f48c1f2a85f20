/** Host and port as written in a URL; the default port of the scheme, and 0, are left out. */
export function authorityOf(scheme: 'http' | 'https', hostname: string, port: number): string {
  const host = hostname.includes(':') ? `[${hostname}]` : hostname;
  return port === 0 || port === (scheme === 'http' ? 80 : 443) ? host : `${host}:${port}`;
}
