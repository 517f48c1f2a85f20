/** Parses `WWW-Authenticate: Digest …` (RFC 7616, 3.3). */

export interface Challenge {
  realm: string;
  nonce: string;
  opaque: string | null;
  /** As the server wrote it; null when absent, which means MD5. */
  algorithm: string | null;
  qops: string[];
  /** Paths of this origin that the challenge covers; empty: all. */
  domain: string[];
  /** The nonce was too old; the name and the password may be right. */
  stale: boolean;
  userhash: boolean;
}

/** How many characters of a header are parsed, and how many challenges in it. */
const HEADER_MAX = 16 * 1024;
const CHALLENGES_MAX = 16;

/** The name of a scheme, or a parameter with its value. */
const PART = /[\s,]*([\w!#$%&'*+.^`|~-]+)(?:[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/y;

const ALGORITHMS: Readonly<Record<string, { hash: string; rank: number }>> = {
  MD5: { hash: 'md5', rank: 0 },
  'SHA-256': { hash: 'sha256', rank: 1 },
  'SHA-512-256': { hash: 'sha512-256', rank: 2 },
};

/** The hash for an algorithm of a challenge; undefined when it is not supported. */
export function algorithmOf(
  name: string | null,
): { hash: string; rank: number; session: boolean } | undefined {
  const whole = (name ?? 'MD5').toUpperCase();
  const session = whole.endsWith('-SESS');
  const found = ALGORITHMS[session ? whole.slice(0, -5) : whole];
  return found === undefined ? undefined : { ...found, session };
}

/**
 * The Digest challenges in a header, which may contain other schemes too.
 * @param origin - resolves relative addresses
 */
export function digestChallenges(header: string, origin: string): Challenge[] {
  const challenges: Challenge[] = [];
  let fields: Map<string, string> | null = null;
  const end = (): void => {
    const challenge = fields === null ? null : challengeOf(fields, origin);
    if (challenge !== null) challenges.push(challenge);
  };
  PART.lastIndex = 0;
  const text = header.slice(0, HEADER_MAX);
  for (let match; (match = PART.exec(text)) !== null && challenges.length < CHALLENGES_MAX;) {
    const [, name, inQuotes, bare] = match;
    if (inQuotes === undefined && bare === undefined) {
      end();
      fields = name!.toLowerCase() === 'digest' ? new Map() : null;
      continue;
    }
    const key = name!.toLowerCase();
    const value = inQuotes?.replace(/\\(.)/g, '$1') ?? bare!;
    // A repeated parameter may be injected by an attacker: the first counts.
    if (fields !== null && !fields.has(key)) fields.set(key, value);
  }
  end();
  return challenges;
}

function challengeOf(fields: Map<string, string>, origin: string): Challenge | null {
  const realm = fields.get('realm');
  const nonce = fields.get('nonce');
  if (realm === undefined || nonce === undefined) return null;
  const given = fields.get('qop');
  const qops = (given ?? '')
    .split(',')
    .map((qop) => qop.trim().toLowerCase())
    .filter((qop) => qop === 'auth' || qop === 'auth-int');
  // Every offered quality of protection is unknown to us; answering without one would weaken it.
  if (given !== undefined && qops.length === 0) return null;
  return {
    realm,
    nonce,
    opaque: fields.get('opaque') ?? null,
    algorithm: fields.get('algorithm') ?? null,
    qops,
    domain: pathsOf(fields.get('domain') ?? '', origin),
    stale: fields.get('stale')?.toLowerCase() === 'true',
    userhash: fields.get('userhash')?.toLowerCase() === 'true',
  };
}

/** The paths in `domain`; those of other origins are ignored, since we answer only one. */
function pathsOf(domain: string, origin: string): string[] {
  return domain
    .split(/\s+/)
    .filter((each) => each !== '')
    .flatMap((each) => {
      try {
        const url = new URL(each, origin);
        return url.origin === origin ? [url.pathname] : [];
      } catch {
        return [];
      }
    });
}
