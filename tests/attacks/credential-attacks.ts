import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { operation, type Attack } from './attack.js';

const YEAR_S = 31_536_000;
const now = (): number => Math.floor(Date.now() / 1_000);
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const PEM = publicKey.export({ type: 'spki', format: 'pem' });

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const CLAIMS = { iss: 'https://accounts.example', aud: 'stockroom', sub: '1', email: 'owner@example.com', email_verified: true };

/** A token whose signature is right for the key that its sender has made. */
function token(header: Readonly<Record<string, unknown>>, claims: Readonly<Record<string, unknown>> = {}): string {
  const signed = `${part({ typ: 'JWT', ...header })}.${part({ ...CLAIMS, iat: now(), exp: now() + YEAR_S, ...claims })}`;
  const { alg } = header;
  if (alg === 'HS256') return `${signed}.${createHmac('sha256', PEM).update(signed).digest('base64url')}`;
  if (alg === 'RS256') return `${signed}.${createSign('sha256').update(signed).sign(privateKey, 'base64url')}`;
  return `${signed}.`;
}

const JWK = publicKey.export({ format: 'jwk' });
const TOKENS: Readonly<Record<string, string>> = {
  'without an algorithm': token({ alg: 'none' }),
  'without an algorithm, in other letters': token({ alg: 'nOnE' }),
  'without a signature': token({ alg: 'RS256' }).replace(/[^.]*$/, ''),
  'signed with a public key as if it were a secret': token({ alg: 'HS256', kid: '1' }),
  'that brings its own key': token({ alg: 'RS256', jwk: JWK }),
  'that says where its key is': token({ alg: 'RS256', jku: 'http://127.0.0.1:1/jwks', x5u: 'http://127.0.0.1:1/x' }),
  'whose key is a file': token({ alg: 'RS256', kid: '../../../../dev/null' }),
  'whose key is a query': token({ alg: 'RS256', kid: "1' union select 'a" }),
  'that has run out': token({ alg: 'RS256', kid: '1' }, { exp: now() - YEAR_S }),
  'that is not good yet': token({ alg: 'RS256', kid: '1' }, { nbf: now() + YEAR_S }),
  'for another audience': token({ alg: 'RS256', kid: '1' }, { aud: 'https://elsewhere.example' }),
  'of another issuer': token({ alg: 'RS256', kid: '1' }, { iss: 'https://elsewhere.example' }),
  'with a signature of nothing but zeros': `${part({ alg: 'ES256', kid: '1' })}.${part(CLAIMS)}.${'A'.repeat(86)}`,
  'with a part that is critical and unknown': token({ alg: 'RS256', crit: ['b64'], b64: false }),
  'of dots': '.'.repeat(8_000),
  'of a header that is no JSON': `${'a'.repeat(4_000)}.${'b'.repeat(4_000)}.c`,
};

/** Keys and tokens that nobody was given. `ownersKey` is one that is good. */
export function credentialAttacks(ownersKey: string): Attack[] {
  const last = ownersKey.endsWith('0') ? '1' : '0';
  const keys: Readonly<Record<string, string>> = {
    'with another last letter': `Bearer ${ownersKey.slice(0, -1)}${last}`,
    'that is cut short': `Bearer ${ownersKey.slice(0, -4)}`,
    'in capitals': `Bearer ${ownersKey.toUpperCase()}`,
    'with something behind it': `Bearer ${ownersKey}' or '1'='1`,
    twice: `Bearer ${ownersKey}, Bearer ${ownersKey}`,
    'as a password': `Basic ${Buffer.from(`owner:${ownersKey}`).toString('base64')}`,
    'that is empty': 'Bearer ',
    'of another scheme': `Token ${ownersKey}`,
  };
  const ask = (name: string, authorization: string): Attack => ({
    ...operation(name, '{ shop { id name } }'),
    as: { authorization },
  });
  return [
    ...Object.entries(TOKENS).map(([name, text]) => ask(`a token ${name}`, `Bearer ${text}`)),
    ...Object.entries(keys).map(([name, text]) => ask(`a key ${name}`, text)),
  ];
}
