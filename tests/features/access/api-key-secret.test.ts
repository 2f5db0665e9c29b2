import { expect, test } from 'vitest';
import { hashSecret, isSecretShaped, newSecret } from '../../../src/features/access/api-key-secret.js';

test('a secret has 160 random bits and a checksum, and no two are alike', () => {
  const secrets = Array.from({ length: 500 }, newSecret);
  expect(new Set(secrets).size).toBe(500);
  for (const secret of secrets) {
    expect(secret).toMatch(/^sr_[0-9a-hjkmnp-tv-z]{39}$/);
    expect(isSecretShaped(secret)).toBe(true);
  }
});

test('one wrong or missing character makes it none', () => {
  const secret = newSecret();
  for (let at = 3; at < secret.length; at += 1) {
    const other = secret.charAt(at) === '7' ? '8' : '7';
    expect(isSecretShaped(secret.slice(0, at) + other + secret.slice(at + 1))).toBe(false);
  }
  for (const text of ['', 'sr_', secret.slice(0, -1), `${secret}0`, `${secret}\n`, secret.toUpperCase(), ` ${secret}`]) {
    expect(isSecretShaped(text)).toBe(false);
  }
});

test('the hash is SHA-256', () => {
  expect(hashSecret('abc').toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
