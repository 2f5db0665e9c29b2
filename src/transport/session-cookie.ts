import type { IncomingHttpHeaders } from 'node:http';
import { RequestError } from '../kernel/errors.js';
import { pageOf, type Arriving } from './cross-site.js';

/** The prefix has browsers refuse one that is not of this very host, or did not come by https. */
export const SESSION_COOKIE = '__Host-stockroom';
/** By which a page asks to have its session kept in the cookie. */
const SESSION_HEADER = 'stockroom-session';
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';
const MS_PER_S = 1_000;
/** What browsers take for as good as https. */
const LOOPBACK = /^(localhost|[\w.-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** What the header Authorization shows. Undefined where there is none, or nothing in it. */
export function shownBy({ authorization }: IncomingHttpHeaders): string | undefined {
  return authorization?.trim() === '' ? undefined : authorization;
}

/**
 * The session that a page of this very server sends along, by its cookie. Undefined for whoever shows a key or a token besides, whether or not it is valid; for
 * pages of other origins, the named ones too; and for what does not say where it comes from: no browser needs a cookie.
 */
export function sessionOf(arriving: Arriving): string | undefined {
  const { headers } = arriving;
  if (headers.cookie === undefined || shownBy(headers) !== undefined || pageOf(arriving) !== 'own') return undefined;
  const values = headers.cookie
    .split(';')
    .map((pair) => pair.trim().split('='))
    .flatMap(([name, value]) => (name === SESSION_COOKIE && value ? [value] : []));
  return values.length === 1 ? values[0] : undefined;
}

/** The cookie of one request and its reply. */
export class SessionCookie {
  private change: string | undefined;

  private constructor(
    /** The session by which the request came. */
    readonly token: string | undefined,
    /** Whether a session that begins is to be kept in the cookie, and told to no script. */
    readonly isWanted: boolean,
  ) {}

  /**
   * Refuses a page that asks for the cookie and cannot have it: FORBIDDEN one of another origin, BAD_USER_INPUT one that browsers would not keep it for.
   */
  static of(arriving: Arriving): SessionCookie {
    const asked = arriving.headers[SESSION_HEADER];
    if (asked !== undefined) requireKeepable(asked, arriving);
    return new SessionCookie(sessionOf(arriving), asked !== undefined);
  }

  /** Has the browser keep a session that has begun, for as long as it can last. */
  keep(token: string, expiresAt: Date): void {
    const seconds = Math.max(0, Math.floor((expiresAt.getTime() - Date.now()) / MS_PER_S));
    this.change = `${SESSION_COOKIE}=${token}; Max-Age=${String(seconds)}; ${ATTRIBUTES}`;
  }

  /** Has the browser forget the session by which the request came, if it came by the cookie. */
  drop(): void {
    if (this.token !== undefined) this.change = `${SESSION_COOKIE}=; Max-Age=0; ${ATTRIBUTES}`;
  }

  /** A Set-Cookie; undefined where nothing changes. */
  get header(): string | undefined {
    return this.change;
  }
}

function requireKeepable(asked: string | readonly string[], arriving: Arriving): void {
  if (asked !== 'cookie') {
    throw new RequestError('BAD_USER_INPUT', 'Stockroom-Session is "cookie", or is left out for a token in the reply.');
  }
  if (pageOf(arriving) !== 'own') {
    throw new RequestError(
      'FORBIDDEN',
      'Only a page of this server has its session kept in a cookie: leave Stockroom-Session out.',
    );
  }
  if (isKept(arriving)) return;
  throw new RequestError(
    'BAD_USER_INPUT',
    'Browsers keep the session in a cookie only over https, or at localhost: leave Stockroom-Session out, and keep the token. ' +
      'Where TLS ends at a proxy, the operator names it in TRUSTED_PROXIES, and it sends X-Forwarded-Proto.',
  );
}

function isKept({ protocol, host }: Arriving): boolean {
  return protocol.toLowerCase() === 'https' || LOOPBACK.test(host.toLowerCase().replace(/:\d+$/, ''));
}
