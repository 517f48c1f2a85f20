import { checkFlags, checkOptions } from '../../core/support/options.ts';
import type { Coro } from '../../core/support/types.ts';
import { checkCredentials } from './basic-auth.ts';
import type { Credentials } from './basic-auth.ts';
import type { Challenge } from './digest-challenge.ts';
import { algorithmOf, digestChallenges } from './digest-challenge.ts';
import type { ClientMiddleware, ClientNext, ClientRequest } from './middleware.ts';
import { parseUrl } from './request.ts';
import type { ClientResponse } from './response.ts';

/** Options of {@link digestAuth}. */
export interface DigestAuthOptions extends Credentials {
  /** The origin whose challenges are answered; default: that of the first request. */
  origin?: string | URL;
  /** Whether later requests carry credentials without being challenged; default true. */
  preemptive?: boolean;
}

/** How many challenges to one request are answered: the first, and one more for a stale nonce. */
const QUESTIONS_MAX = 2;

/** The last challenge of the origin, and how often it was answered. */
class Conversation {
  readonly #credentials: Credentials;
  readonly #challenge: Challenge;
  /** How often the nonce was used. */
  #count = 0;

  constructor(credentials: Credentials, challenge: Challenge) {
    this.#credentials = credentials;
    this.#challenge = challenge;
  }

  /** Whether the URL is in the protection space of the challenge. */
  covers(url: URL): boolean {
    const { domain } = this.#challenge;
    return domain.length === 0 || domain.some((path) => isBelow(path, url.pathname));
  }

  /** Whether a protection that the server offers is possible: `auth-int` takes a whole body. */
  answers(request: ClientRequest): boolean {
    const { qops } = this.#challenge;
    return qops.length === 0 || qops.includes('auth') || isWhole(request);
  }

  /** The `Authorization` header of a request (RFC 7616, 3.4). */
  answer(request: ClientRequest): string {
    const { method, url, body } = request;
    const { realm, nonce, opaque, algorithm, qops, userhash } = this.#challenge;
    const { username, password } = this.#credentials;
    const { randomBytes, createHash } = process.getBuiltinModule('node:crypto');
    const { hash, session } = algorithmOf(algorithm)!;
    const digest = (...parts: (string | Uint8Array)[]): string => {
      const made = createHash(hash);
      parts.forEach((part, at) => made.update(at === 0 ? part : ':').update(at === 0 ? '' : part));
      return made.digest('hex');
    };
    const uri = `${url.pathname}${url.search}`;
    const cnonce = randomBytes(16).toString('hex');
    const count = (++this.#count).toString(16).padStart(8, '0');
    const qop = qops.includes('auth') ? 'auth' : 'auth-int';
    const used = qops.length === 0 ? null : qop;
    const secret = digest(username, realm, password);
    const a1 = session ? digest(secret, nonce, cnonce) : secret;
    const a2 =
      used === 'auth-int'
        ? digest(method, uri, digest((body ?? '') as string))
        : digest(method, uri);
    const response =
      used === null ? digest(a1, nonce, a2) : digest(a1, nonce, count, cnonce, used, a2);
    const name = userhash ? digest(username, realm) : username;
    const ascii = /^[\x20-\x7e]*$/.test(name);
    const fields = [
      ascii ? `username=${quoted(name)}` : `username*=UTF-8''${encodeURIComponent(name)}`,
      `realm=${quoted(realm)}`,
      `nonce=${quoted(nonce)}`,
      `uri=${quoted(uri)}`,
      `response="${response}"`,
    ];
    if (algorithm !== null) fields.push(`algorithm=${algorithm}`);
    if (opaque !== null) fields.push(`opaque=${quoted(opaque)}`);
    if (userhash) fields.push('userhash=true');
    if (used !== null) fields.push(`qop=${used}`, `nc=${count}`, `cnonce="${cnonce}"`);
    return `Digest ${fields.join(', ')}`;
  }
}

/**
 * A middleware that answers Digest challenges (RFC 7616: MD5, SHA-256 and SHA-512-256, with and
 * without `-sess`; `auth` and `auth-int`), choosing the strongest algorithm offered. The password
 * itself is never sent, and other origins than the first get no credentials.
 *
 * A request whose body is a stream cannot be sent again: its 401 response is returned, as is that
 * of a request with a form when the server offers `auth-int` alone, for which the body is hashed.
 *
 * @throws TypeError unless user name and password are strings; InvalidURL for `origin`
 * @example
 * const session = new ClientSession({
 *   middlewares: [digestAuth({ username: 'me', password: 'secret' })],
 * });
 */
export function digestAuth(options: DigestAuthOptions): ClientMiddleware {
  checkOptions('digestAuth()', options, ['username', 'password', 'origin', 'preemptive']);
  checkFlags('digestAuth()', options, ['preemptive']);
  const { username, password, preemptive = true } = options;
  const credentials = checkCredentials('digestAuth()', { username, password });
  let origin =
    options.origin === undefined ? null : parseUrl(options.origin, null, 'origin').origin;
  let known: Conversation | null = null;
  return function* (request, next): Coro<ClientResponse> {
    origin ??= request.url.origin;
    if (request.url.origin !== origin || request.headers.has('authorization')) {
      return yield* next(request);
    }
    const asked = preemptive && known?.covers(request.url) === true ? known : null;
    let response = yield* sendWith(request, next, asked);
    for (let questions = 0; questions < QUESTIONS_MAX && response.status === 401; questions++) {
      const challenge = strongest(response);
      const first = questions === 0 && asked === null;
      // A challenge in reply to our answer, unless stale, means that the credentials are wrong.
      if (challenge === null || !request.sendable || !(first || challenge.stale)) break;
      const conversation = new Conversation(credentials, challenge);
      if (!conversation.answers(request)) break;
      response.release();
      known = conversation;
      response = yield* sendWith(request, next, known);
    }
    return response;
  };
}

function sendWith(
  request: ClientRequest,
  next: ClientNext,
  conversation: Conversation | null,
): ReturnType<ClientNext> {
  if (conversation === null || !conversation.answers(request)) return next(request);
  const headers = request.headers._copy();
  headers.set('authorization', conversation.answer(request));
  return next(request.withHeaders(headers));
}

function isWhole({ body }: ClientRequest): boolean {
  return body === null || typeof body === 'string' || body instanceof Uint8Array;
}

function strongest(response: ClientResponse): Challenge | null {
  const header = response.headers.get('www-authenticate');
  if (header === null) return null;
  const { origin } = new URL(response.url);
  const able = digestChallenges(header, origin).filter(({ algorithm }) => algorithmOf(algorithm));
  return able.sort((one, other) => rank(other) - rank(one))[0] ?? null;
}

function rank({ algorithm }: Challenge): number {
  return algorithmOf(algorithm)!.rank;
}

function isBelow(path: string, pathname: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
