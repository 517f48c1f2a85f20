/** What stands in a URL for a host and a port; a port that is the usual one, or 0, is left out. */
export function authorityOf(scheme: 'http' | 'https', hostname: string, port: number): string {
  const host = hostname.includes(':') ? `[${hostname}]` : hostname;
  return port === 0 || port === (scheme === 'http' ? 80 : 443) ? host : `${host}:${port}`;
}
