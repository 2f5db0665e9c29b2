import { expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../src/config/config.js';

const WHOLE = { OIDC_ISSUER: 'https://login.example.co.za/realms/shop', OIDC_AUDIENCE: 'stock' };

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
}

test('nobody signs in by a provider where none is set', () => {
  expect(loadConfig({}).oidc).toBeUndefined();
  expect(loadConfig(WHOLE).oidc).toEqual({ issuer: WHOLE.OIDC_ISSUER, audience: 'stock', algorithms: ['RS256', 'ES256'] });
});

test('an issuer alone would believe tokens that are for others', () => {
  const { OIDC_ISSUER, OIDC_AUDIENCE } = WHOLE;
  expect(faultsOf({ OIDC_ISSUER })).toEqual([expect.stringMatching(/^OIDC_AUDIENCE /)]);
  expect(faultsOf({ OIDC_AUDIENCE })).toEqual([expect.stringMatching(/^OIDC_ISSUER /)]);
});

test.each([
  'http://login.example.co.za',
  'https://a:b@login.example.co.za',
  'https://login.example.co.za/?x=1',
  'login',
  'file:///etc/passwd',
])('no issuer is %s', (OIDC_ISSUER) => {
  expect(faultsOf({ ...WHOLE, OIDC_ISSUER })).toEqual([expect.stringMatching(/^OIDC_ISSUER /)]);
});

test.each(['none', 'HS256', 'RS256,HS256', 'RS256,RS256', 'rs256'])('tokens are not to be signed by "%s"', (OIDC_ALGORITHMS) => {
  expect(faultsOf({ ...WHOLE, OIDC_ALGORITHMS })).toEqual([expect.stringMatching(/^OIDC_ALGORITHMS /)]);
});
