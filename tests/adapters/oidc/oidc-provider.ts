import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTHeaderParameters, type JWTPayload } from 'jose';

export const AUDIENCE = 'https://stock.example.co.za';
const HOUR_S = 3_600;

export interface Signer {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

export async function makeSigner(kid: string, alg = 'RS256'): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** Seconds since 1970. */
export function secondsFromNow(seconds: number): number {
  return Math.floor(Date.now() / 1_000) + seconds;
}

/** What a provider publishes, over real HTTP, with keys of its own; a test changes what it answers as it goes. */
export class OidcProvider {
  published: readonly Signer[] = [];
  /** Instead of its own document. */
  discovery: Record<string, unknown> | undefined;
  isDown = false;
  readonly asked: string[] = [];
  private readonly server = createServer((request, response) => {
    const path = request.url ?? '';
    this.asked.push(path);
    const document = this.isDown ? undefined : this.documents()[path];
    response.writeHead(document ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify(document ?? {}));
  });

  static async open(): Promise<OidcProvider> {
    const provider = new OidcProvider();
    provider.server.listen(0, '127.0.0.1');
    await once(provider.server, 'listening');
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}/realm`;
  }

  get keyQuestions(): number {
    return this.asked.filter((path) => path === '/realm/keys').length;
  }

  /** A token as this provider gives it, but for what is said otherwise. */
  token(
    { privateKey, kid, alg }: Pick<Signer, 'privateKey' | 'kid' | 'alg'>,
    claims: JWTPayload = {},
    header: Partial<JWTHeaderParameters> = {},
  ): Promise<string> {
    const usual = { iss: this.issuer, aud: AUDIENCE, sub: 'subject-1', iat: secondsFromNow(0), exp: secondsFromNow(HOUR_S) };
    return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg, kid, typ: 'at+jwt', ...header }).sign(privateKey);
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private documents(): Record<string, unknown> {
    return {
      '/realm/.well-known/openid-configuration': this.discovery ?? { issuer: this.issuer, jwks_uri: `${this.issuer}/keys` },
      '/realm/keys': { keys: this.published.map(({ jwk }) => jwk) },
    };
  }
}
