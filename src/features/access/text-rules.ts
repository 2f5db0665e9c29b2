import { InvalidError } from '../../kernel/errors.js';

export const MAX_NAME_LENGTH = 200;
export const MAX_CODE_LENGTH = 64;

/** Control characters, invisible format characters, line and paragraph separators: two texts that look alike shall be alike. */
const NOT_IN_A_LINE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** PostgreSQL's text holds neither NUL nor half a surrogate pair; what cannot be stored cannot be found either. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** Longer than any code that can be stored, also where upper case has more letters. */
const MAX_SOUGHT_LENGTH = 4 * MAX_CODE_LENGTH;

/** A code as it would be stored, to look for it; undefined for a text that is nobody's code. */
export function soughtCode(code: string): string | undefined {
  return isStorable(code) && code.length <= MAX_SOUGHT_LENGTH ? normalizeCode(code) : undefined;
}

/** A name: trimmed, one line of 1 to `maxLength` characters. Refuses (INVALID) anything else at `path`; null is for what was cleared. */
export function requireLine(value: string | null | undefined, path: readonly string[], maxLength = MAX_NAME_LENGTH): string {
  const text = value?.trim() ?? '';
  if (text === '') throw new InvalidError('This may not be empty.', path);
  refuseLength(text, path, maxLength);
  if (!isStorable(text) || NOT_IN_A_LINE.test(text)) {
    throw new InvalidError('This has characters that cannot be shown in one line, such as a tab or a line break.', path);
  }
  return text;
}

/** A code that people type: a line in upper case, so that it is found however it is written. */
export function requireCode(value: string | null | undefined, path: readonly string[]): string {
  return normalizeCode(requireLine(value, path, MAX_CODE_LENGTH));
}

/** What a code is compared by; requireCode stores it so. */
export function normalizeCode(code: string): string {
  return code.trim().toUpperCase();
}

/** A text of many lines, or null where there is none. Refuses (INVALID) one that is too long or cannot be stored. */
export function optionalText(value: string | null | undefined, path: readonly string[], maxLength: number): string | null {
  const text = value?.trim() ?? '';
  if (text === '') return null;
  refuseLength(text, path, maxLength);
  if (!isStorable(text)) throw new InvalidError('This has characters that cannot be stored.', path);
  return text;
}

function refuseLength(text: string, path: readonly string[], maxLength: number): void {
  if (text.length > maxLength) throw new InvalidError(`This has at most ${String(maxLength)} characters.`, path);
}
