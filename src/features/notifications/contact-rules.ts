import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { domainToASCII } from 'node:url';
import { InvalidError } from '../../kernel/errors.js';

/** RFC 5321, sections 4.5.3.1.1 and 4.5.3.1.3 (a path of 256 has two angle brackets). */
const MAX_LOCAL_PART = 64;
const MAX_EMAIL = 254;
const MAX_PHONE_TEXT = 40;
/** The country of a number that names none. */
const DEFAULT_COUNTRY: CountryCode = 'ZA';
/** The tables let shorter ones through, which are no person's. */
const SOUTH_AFRICAN_DIGITS = 9;
const MOBILE: readonly (string | undefined)[] = ['MOBILE', 'FIXED_LINE_OR_MOBILE'];
/** A dot-atom (RFC 5322, section 3.2.3): quoted local parts are legal, and never an address that anybody has. */
const LOCAL_PART = /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const DOMAIN = /^(?=.{3,253}$)([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+[a-z\d][a-z\d-]{0,61}[a-z\d]$/;

/** An address as it is stored: its domain in lower case and ASCII. Refuses (INVALID) what is no address; null where there is none. */
export function optionalEmail(value: string | null | undefined, path: readonly string[]): string | null {
  const text = value?.trim() ?? '';
  if (text === '') return null;
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  const domain = domainToASCII(text.slice(at + 1)).toLowerCase();
  const email = `${local}@${domain}`;
  const isAddress = local.length <= MAX_LOCAL_PART && email.length <= MAX_EMAIL && LOCAL_PART.test(local) && DOMAIN.test(domain);
  if (!isAddress) throw new InvalidError('This is no e-mail address; write one such as thandi@example.co.za.', path);
  return email;
}

/** A mobile number in E.164. Refuses (INVALID) what is no number of a mobile phone; null where there is none. */
export function optionalPhone(value: string | null | undefined, path: readonly string[]): string | null {
  const text = value?.trim() ?? '';
  if (text === '') return null;
  const number =
    text.length <= MAX_PHONE_TEXT
      ? parsePhoneNumberFromString(text, { defaultCountry: DEFAULT_COUNTRY, extract: false })
      : undefined;
  const isShort = number?.country === 'ZA' && number.nationalNumber.length !== SOUTH_AFRICAN_DIGITS;
  if (!number?.isValid() || number.ext !== undefined || isShort) {
    throw new InvalidError('This is no phone number; write one such as 082 123 4567 or +27 82 123 4567.', path);
  }
  if (!MOBILE.includes(number.getType())) {
    throw new InvalidError('An SMS does not reach this number: write the number of a mobile phone.', path);
  }
  return number.number;
}

const CLOCK_TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;
const MINUTES_PER_HOUR = 60;

/** Quiet hours in minutes of the day; null where there are none. Refuses (INVALID) half a span, an empty one, and what is no time. */
export function quietSpan(from: string | null | undefined, to: string | null | undefined): { from: number; to: number } | null {
  if (from == null && to == null) return null;
  const [start, end] = [minuteOf(from, ['quietFrom']), minuteOf(to, ['quietTo'])];
  if (start === end) throw new InvalidError('Quiet hours begin and end at different times.', ['quietTo']);
  return { from: start, to: end };
}

function minuteOf(text: string | null | undefined, path: readonly string[]): number {
  if (text == null) throw new InvalidError('Quiet hours have a beginning and an end.', path);
  const [, hours, minutes] = CLOCK_TIME.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) {
    throw new InvalidError('Write a time of the day from 00:00 to 23:59, such as 21:30.', path);
  }
  return Number(hours) * MINUTES_PER_HOUR + Number(minutes);
}

/** 21:30 for 1290. */
export function clockText(minute: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minute / MINUTES_PER_HOUR))}:${two(minute % MINUTES_PER_HOUR)}`;
}
