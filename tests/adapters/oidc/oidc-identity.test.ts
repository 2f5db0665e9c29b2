import { createServer } from 'node:http';
import { exportJWK, exportSPKI, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { OidcIdentity } from '../../../src/adapters/oidc/oidc-identity.js';
import { openOutbound } from '../http/outbound-fixture.js';
import { AUDIENCE, makeSigner, OidcProvider, secondsFromNow, type Signer } from './oidc-provider.js';

let provider: OidcProvider;
let first: Signer;
let second: Signer;
let elliptic: Signer;
let now: number;
beforeAll(async () => {
  provider = await OidcProvider.open();
  [first, second, elliptic] = await Promise.all([makeSigner('first'), makeSigner('second'), makeSigner('curve', 'ES256')]);
});
afterAll(() => provider.close());
beforeEach(() => {
  Object.assign(provider, { published: [first, elliptic], discovery: undefined, isDown: false });
  provider.asked.length = 0;
  now = 0;
});

const PATIENT = {
  timeouts: { responseMs: 20_000, attemptMs: 20_000, totalMs: 40_000, connectMs: 20_000 },
  retries: { maxAttempts: 1 },
};

function open(changes: Partial<{ issuer: string; algorithms: readonly string[] }> = {}): OidcIdentity {
  const settings = { issuer: provider.issuer, audience: AUDIENCE, algorithms: ['RS256', 'ES256'], ...changes };
  return new OidcIdentity(openOutbound(PATIENT).outbound, settings, () => now);
}

const claims = () => ({
  iss: provider.issuer,
  aud: AUDIENCE,
  sub: 'subject-1',
  iat: secondsFromNow(0),
  exp: secondsFromNow(600),
});

describe('a token of the provider', () => {
  test('says who somebody is', async () => {
    const identity = open();
    const said = { email: 'thandi@example.co.za', email_verified: true, name: 'Thandi' };
    const expected = { issuer: provider.issuer, subject: 'subject-1', email: said.email, isEmailVerified: true, name: 'Thandi' };
    expect(await identity.verify(await provider.token(first, said))).toEqual(expected);
    expect(await identity.verify(await provider.token(elliptic, said, { typ: undefined }))).toEqual(expected);
    expect(await identity.verify(await provider.token(first, { aud: ['other', AUDIENCE] }))).toBeDefined();
  });

  test("has a verified address only where the provider says so in the standard's way", async () => {
    const identity = open();
    for (const email_verified of [undefined, false, 'true', 1]) {
      const token = await provider.token(first, { email: 'a@example.co.za', email_verified });
      expect((await identity.verify(token))?.isEmailVerified).toBe(false);
    }
  });
});

describe('a token is refused that', () => {
  const forgeries: Readonly<Record<string, () => Promise<string> | string>> = {
    'has expired': () => provider.token(first, { exp: secondsFromNow(-60) }),
    'never expires': () => provider.token(first, { exp: undefined }),
    'is not valid yet': () => provider.token(first, { nbf: secondsFromNow(600) }),
    'is of another issuer': () => provider.token(first, { iss: 'https://login.example.com' }),
    'has an issuer that begins the same': () => provider.token(first, { iss: `${provider.issuer}/` }),
    'names no issuer': () => provider.token(first, { iss: undefined }),
    'is for another audience': () => provider.token(first, { aud: 'other' }),
    'names no audience': () => provider.token(first, { aud: undefined }),
    'names nobody': () => provider.token(first, { sub: undefined }),
    'names the empty person': () => provider.token(first, { sub: '' }),
    'names a person whom no text column holds': () => provider.token(first, { sub: 'a\0b' }),
    'names a person at too great a length': () => provider.token(first, { sub: 'x'.repeat(256) }),
    'is longer than any': () => provider.token(first, { padding: 'x'.repeat(10_000) }),
    "is bound to a key of the client's": () => provider.token(first, { cnf: { jkt: 'x' } }),
    'is a token of another kind': () => provider.token(first, {}, { typ: 'logout+jwt' }),
    'is signed by nobody': () => new UnsecuredJWT(claims()).encode(),
    'is signed by nobody, in disguise': () => {
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      return `${part({ alg: 'nOnE', kid: 'first' })}.${part(claims())}.`;
    },
    'is signed with the public key as a secret': async () => {
      const secret = new TextEncoder().encode(await exportSPKI(first.publicKey));
      return new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'first' }).sign(secret);
    },
    "is signed by an algorithm that is not ours, with the provider's key": async () => {
      const pss = await crypto.subtle.importKey(
        'pkcs8',
        await crypto.subtle.exportKey('pkcs8', first.privateKey),
        { name: 'RSA-PSS', hash: 'SHA-256' },
        true,
        ['sign'],
      );
      // So that the key itself does not say for which it is.
      const { alg, ...unsaid } = first.jwk;
      expect(alg).toBe('RS256');
      provider.published = [{ ...first, jwk: unsaid }];
      return provider.token({ ...first, alg: 'PS256', privateKey: pss });
    },
    'is signed by another key under a known name': () => provider.token({ ...second, kid: 'first' }),
    'says who signed in, for the one who asked (an ID token)': () => provider.token(first, { nonce: 'n' }),
    'is bound to another token': () => provider.token(first, { at_hash: 'h' }),
    'tells of an event': () => provider.token(first, { events: { logout: {} } }),
    'says that it is an ID token': () => provider.token(first, { typ: 'ID' }),
    'names a key that is too short': async () => {
      const { publicKey } = await crypto.subtle.generateKey(
        { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]) },
        true,
        ['sign', 'verify'],
      );
      const jwk = { ...(await exportJWK(publicKey)), kid: 'short', alg: 'RS256', use: 'sig' };
      provider.published = [first, { ...second, kid: 'short', jwk }];
      return provider.token({ ...second, kid: 'short' });
    },
    'names a key that is broken': () => {
      provider.published = [first, { ...second, kid: 'broken', jwk: { ...second.jwk, kid: 'broken', n: '!', e: '' } }];
      return provider.token({ ...second, kid: 'broken' });
    },
    'names a key that nobody has': () => provider.token({ ...second, kid: 'unheard' }),
    'names a file as its key': () => provider.token({ ...second, kid: '../../../../dev/null' }),
    'names SQL as its key': () => provider.token({ ...second, kid: "' union select 'key' --" }),
    'brings its own key': () => provider.token(second, {}, { kid: 'first', jwk: second.jwk }),
    'has an unknown critical header': () =>
      new SignJWT(claims())
        .setProtectedHeader({ alg: 'RS256', kid: 'first', crit: ['mode'], mode: 1 })
        .sign(first.privateKey, { crit: { mode: true } }),
    'was changed afterwards': async () => {
      const [head, , signature] = (await provider.token(first)).split('.');
      const other = Buffer.from(JSON.stringify({ ...claims(), sub: 'subject-2' })).toString('base64url');
      return [head, other, signature].join('.');
    },
    'is no token': () => 'eyJ.eyJ.x',
  };

  test.each(Object.entries(forgeries))('%s', async (_, forge) => {
    const identity = open();
    const token = await forge();
    expect(await identity.verify(token)).toBeUndefined();
    // It was refused for itself: this way in is open.
    expect(await identity.verify(await provider.token(first))).toBeDefined();
  });

  test('says where its key is to be had (jku), and nobody looks there', async () => {
    let visits = 0;
    const evil = createServer((_, response) => {
      visits += 1;
      response.end(JSON.stringify({ keys: [second.jwk] }));
    });
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void evil.close());
    const { port } = evil.address() as { port: number };
    const at = `http://127.0.0.1:${String(port)}/keys`;
    expect(await open().verify(await provider.token(second, {}, { jku: at, x5u: at }))).toBeUndefined();
    expect(visits).toBe(0);
  });
});

describe("the provider's keys", () => {
  test('are asked for once, and again when a token names one that is new, but not by everybody who makes one up', async () => {
    const identity = open();
    const tokens = await Promise.all([1, 2, 3, 4].map(() => provider.token(first)));
    const known = await Promise.all(tokens.map((token) => identity.verify(token)));
    expect(known.every((each) => each !== undefined)).toBe(true);
    expect(provider.keyQuestions).toBe(1);

    provider.published = [second];
    const rotated = await provider.token(second);
    expect(await identity.verify(rotated)).toBeUndefined();
    expect(provider.keyQuestions).toBe(1);
    now += 30_000;
    const all = await Promise.all([1, 2, 3].map(() => identity.verify(rotated)));
    expect(all.every((each) => each !== undefined)).toBe(true);
    expect(provider.keyQuestions).toBe(2);
    const madeUp = await provider.token({ ...first, kid: 'made-up' });
    for (let n = 0; n < 10; n += 1) expect(await identity.verify(madeUp)).toBeUndefined();
    expect(provider.keyQuestions).toBe(2);
  });

  test('that were withdrawn are believed for ten minutes at most', async () => {
    const identity = open();
    const token = await provider.token(first);
    expect(await identity.verify(token)).toBeDefined();
    provider.published = [second];
    now += 599_999;
    expect(await identity.verify(token)).toBeDefined();
    now += 1;
    expect(await identity.verify(token)).toBeUndefined();
  });

  test('are not believed of one who speaks for another, or who sends us to an unprotected place', async () => {
    const token = await provider.token(first);
    for (const discovery of [
      { issuer: 'https://login.example.com', jwks_uri: `${provider.issuer}/keys` },
      { issuer: provider.issuer, jwks_uri: 'http://login.example.com/keys' },
      { issuer: provider.issuer, jwks_uri: 'file:///etc/passwd' },
      { issuer: provider.issuer },
    ]) {
      provider.discovery = discovery;
      await expect(open().verify(token)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      expect(provider.keyQuestions).toBe(0);
    }
  });

  test('that cannot be had are not asked for by everybody who comes', async () => {
    provider.discovery = { issuer: provider.issuer };
    const identity = open();
    const token = await provider.token(first);
    for (let n = 0; n < 10; n += 1) await expect(identity.verify(token)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(provider.asked).toHaveLength(1);
    provider.discovery = undefined;
    now += 2_000;
    expect(await identity.verify(token)).toBeDefined();
  });

  test('that cannot be had are no refusal of the token', async () => {
    provider.isDown = true;
    const identity = open();
    const token = await provider.token(first);
    await expect(identity.verify(token)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    provider.isDown = false;
    now += 2_000;
    expect(await identity.verify(token)).toBeDefined();
  });
});
