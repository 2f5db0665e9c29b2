import { InvalidError } from '../../kernel/errors.js';

/** NIST SP 800-63B asks for 8 at the least where there is a second factor, and more where there is none. */
export const MIN_PASSWORD_LENGTH = 12;
/** Enough for any sentence; a longer one would only cost time. */
export const MAX_PASSWORD_LENGTH = 128;
/** Fewer different characters than this are no password, however long. */
const MIN_DIFFERENT = 5;

/** What the lists of leaked passwords are made of, without the digits and signs that people put around it. */
const COMMON = new Set(
  `password passwort passw wachtwoord iphasiwedi welcome welkom letmein admin administrator administration login signin
   qwerty qwertyuiop qwertyui asdfghjkl asdfgh zxcvbnm qazwsx qazwsxedc qazwsxedcrfv iloveyou ilovejesus lovejesus jesus
   jesuschrist godisgood thankyoujesus sunshine princess football soccer liverpool chelsea arsenal manchester
   manchesterunited kaizerchiefs orlandopirates springboks bafanabafana southafrica johannesburg capetown durban soweto mzansi
   dragon monkey master superman batman spiderman pokemon starwars trustno michael jennifer charlie jordan ashley
   computer internet samsung iphone android google facebook whatsapp instagram secret topsecret changeme changeit default
   guest test testing tester user username root toor stockroom stock shop myshop mypassword thepassword newpassword
   password password hello helloworld freedom whatever nothing forever family mother father blessed blessing summer winter
   spring autumn monday friday january december company business correcthorsebatterystaple`.split(/\s+/),
);
const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiopasdfghjklzxcvbnm',
  '1q2w3e4r5t6y7u8i9o0p',
  '1qaz2wsx3edc4rfv5tgb6yhn',
];
const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** The form in which a password is hashed and compared: a sign that keyboards spell in several ways is one (NIST SP 800-63B: NFKC). */
export function normalizePassword(text: string): string {
  return text.normalize('NFKC');
}

/**
 * A new password, normalized. Its length is asked for and nothing of its composition (NIST SP 800-63B); what others try first is refused: common words
 * with digits and signs around them, runs of a keyboard, repetitions, the person's own address and name. Refuses (INVALID) at `path`.
 */
export function requirePassword(text: string, path: readonly string[], own: readonly string[] = []): string {
  if (!text.isWellFormed() || text.includes('\0')) throw new InvalidError('A password has no broken characters.', path);
  const password = normalizePassword(text);
  const { length } = Array.from(password);
  if (length < MIN_PASSWORD_LENGTH) {
    throw new InvalidError(
      `A password has at least ${String(MIN_PASSWORD_LENGTH)} characters: three or four words are easy to keep.`,
      path,
    );
  }
  if (length > MAX_PASSWORD_LENGTH) {
    throw new InvalidError(`A password has at most ${String(MAX_PASSWORD_LENGTH)} characters.`, path);
  }
  if (isCommon(password) || isOwn(password, own)) {
    throw new InvalidError('This password is among the first that others would try: take another one.', path);
  }
  return password;
}

/** Whether it is among what is tried first. */
export function isCommon(password: string): boolean {
  const lower = password.toLowerCase();
  if (new Set(lower).size < MIN_DIFFERENT || isRepeated(lower) || isRun(lower)) return true;
  const core = lower.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const spellings = [core, core.replace(/[013457@$!]/g, (sign) => LEET[sign] ?? sign)];
  return spellings.map(lettersOf).some((word) => COMMON.has(word) || isRepeatedWord(word));
}

function isOwn(password: string, own: readonly string[]): boolean {
  const bare = lettersOf(password);
  return own
    .flatMap((text) => [text, text.split('@')[0] ?? ''])
    .some((text) => {
      const known = lettersOf(text);
      return known.length >= MIN_DIFFERENT && bare.replaceAll(known, '').length < MIN_DIFFERENT;
    });
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}]/gu, '');
}

/** abcabcabcabc, passwordpassword. */
function isRepeated(text: string): boolean {
  return [1, 2, 3, 4].some((times) => {
    const part = text.slice(0, Math.ceil(text.length / (times + 1)));
    return (
      part !== '' && part.repeat(times + 1).startsWith(text) && (times > 1 || COMMON.has(part) || part.length < MIN_DIFFERENT + 1)
    );
  });
}

function isRepeatedWord(word: string): boolean {
  const half = word.slice(0, word.length / 2);
  return half.repeat(2) === word && COMMON.has(half);
}

/** A run along a keyboard or the alphabet, in either direction, whatever few signs are behind it. */
function isRun(text: string): boolean {
  const core = text.replace(/[^a-z\d]+$/, '');
  return ROWS.some((row) => {
    const there = row + row;
    const back = Array.from(there).toReversed().join('');
    return core.length >= MIN_DIFFERENT && (there.includes(core) || back.includes(core));
  });
}
