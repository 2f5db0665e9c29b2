import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a URL says, its signature left out. */
export interface SignedRequest {
  readonly method: 'GET' | 'PUT';
  readonly key: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Signs the method, the key and every parameter of URLs, so that none of them can be exchanged. */
export class UrlSigner {
  constructor(private readonly secret: Buffer) {}

  /** The query of a URL, signature and all. */
  queryOf(request: SignedRequest): string {
    const query = new URLSearchParams(sorted(request.parameters));
    query.set('signature', this.sign(request));
    return query.toString();
  }

  /** Whether this program made a URL of it. */
  isGenuine(request: SignedRequest, signature: string): boolean {
    const expected = Buffer.from(this.sign(request));
    const given = Buffer.from(signature);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  private sign({ method, key, parameters }: SignedRequest): string {
    // As JSON, in which no two different lists are written alike.
    return createHmac('sha256', this.secret)
      .update(JSON.stringify([method, key, sorted(parameters)]))
      .digest('base64url');
  }
}

function sorted(parameters: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
}
