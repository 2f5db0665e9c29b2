import { domainToASCII } from 'node:url';
import { InvalidError } from '../../kernel/errors.js';

/** RFC 5321, sections 4.5.3.1.1 and 4.5.3.1.3. */
const MAX_LOCAL_PART = 64;
const MAX_EMAIL = 254;
/** A dot-atom (RFC 5322, section 3.2.3) in ASCII: letters that look alike would be two people with one address to the eye. */
const LOCAL_PART = /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const DOMAIN = /^(?=.{3,253}$)([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+[a-z\d][a-z\d-]{0,61}[a-z\d]$/;

/** The form in which addresses are compared: lower case, the domain in ASCII. Undefined for what is no address. */
export function normalizeEmail(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_EMAIL) return undefined;
  const at = trimmed.lastIndexOf('@');
  const written = trimmed.slice(0, Math.max(at, 0));
  // Looked at as it was written: in lower case some letters of other scripts are ASCII (the sign of Kelvin is a k).
  if (!LOCAL_PART.test(written)) return undefined;
  const local = written.toLowerCase();
  const domain = domainToASCII(trimmed.slice(at + 1)).toLowerCase();
  const email = `${local}@${domain}`;
  const isAddress = local.length <= MAX_LOCAL_PART && email.length <= MAX_EMAIL && DOMAIN.test(domain);
  return isAddress ? email : undefined;
}

/** `normalizeEmail`. Refuses (INVALID) what is no address. */
export function requireEmail(text: string, path: readonly string[]): string {
  const email = normalizeEmail(text);
  if (email === undefined) throw new InvalidError('This is no e-mail address; write one such as thandi@example.co.za.', path);
  return email;
}
