import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What a secret is of: an API key, a session, an invitation, a reset of a password. It can be seen, so that one that leaked is found and told apart. */
export type SecretKind = 'sr_' | 'srs_' | 'sri_' | 'srp_';
const RANDOM_BYTES = 20;
/** Crockford's base 32: no letters that look like digits, all in one case. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const BASE = 32n;
/** 160 bits are 32 digits of 5 bits; the 32 bits of the checksum take 7. */
const RANDOM_DIGITS = 32;
const CHECKSUM_DIGITS = 7;
const FORM = new RegExp(`^(sr[sip]?_)([${ALPHABET}]{${String(RANDOM_DIGITS)}})([${ALPHABET}]{${String(CHECKSUM_DIGITS)}})$`);

/** A new secret: 160 random bits and a checksum, 39 characters behind the prefix that are safe in a URL and a header. */
export function newSecret(kind: SecretKind = 'sr_'): string {
  const random = encode(BigInt(`0x${randomBytes(RANDOM_BYTES).toString('hex')}`), RANDOM_DIGITS);
  return kind + random + checksum(random);
}

/** Whether the text can be a secret at all: a typo or a cut-off copy is told from an unknown key without asking the database. */
export function isSecretShaped(text: string, kind: SecretKind = 'sr_'): boolean {
  const [, prefix, random, check] = FORM.exec(text) ?? [];
  return prefix === kind && random !== undefined && checksum(random) === check;
}

/** SHA-256: of 160 random bits there is nothing to guess, so that a slow hash would add nothing but time. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function checksum(digits: string): string {
  return encode(BigInt(crc32(digits)), CHECKSUM_DIGITS);
}

function encode(value: bigint, length: number): string {
  let digits = '';
  for (let rest = value; digits.length < length; rest /= BASE) digits = ALPHABET.charAt(Number(rest % BASE)) + digits;
  return digits;
}
