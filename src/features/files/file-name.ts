import { InvalidError } from '../../kernel/errors.js';

export const MAX_FILE_NAME_LENGTH = 120;
/** Control and format characters (those that turn the direction of a text among them), separators of lines, halves of characters. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu;
/** What some system takes for more than a part of a name. */
const MEANINGFUL = /[<>:"|?*]/g;

/**
 * A file's name as it may be shown and saved: what stands behind the last slash, without characters that nobody sees or that systems give a meaning,
 * with single blanks, neither beginning nor ending with a dot. Refuses (INVALID) at `path` where nothing is left, or too much.
 */
export function cleanFileName(name: string, path: readonly string[]): string {
  const last = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const clean = last
    .toWellFormed()
    .normalize('NFC')
    .replace(/\s/gu, ' ')
    .replace(INVISIBLE, '')
    .replace(MEANINGFUL, '_')
    .replace(/ {2,}/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  if (clean === '') throw new InvalidError('A file needs a name with a letter or a digit in it.', path);
  if (clean.length > MAX_FILE_NAME_LENGTH) {
    throw new InvalidError(`A file's name has at most ${String(MAX_FILE_NAME_LENGTH)} characters.`, path);
  }
  return clean;
}

/**
 * A Content-Disposition (RFC 6266). Images are shown, everything else is saved. A name beyond ASCII is there a second time, for who can read it
 * (RFC 8187).
 */
export function dispositionOf(name: string, isShown: boolean): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/gu, '_');
  const exact = plain === name ? '' : `; filename*=UTF-8''${encodeURIComponent(name).replaceAll(/['()*!]/g, percent)}`;
  return `${isShown ? 'inline' : 'attachment'}; filename="${plain}"${exact}`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
