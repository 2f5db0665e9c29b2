import { fileTypeFromBuffer } from 'file-type';
import { contentError } from './content-error.js';

/** How many bytes from the front on tell what a file is. */
export const HEAD_BYTES = 4_100;

/** How a file begins that a browser would read as a page, or a system run as a program. */
const MARKUP = /^<(?:!|\?|[a-z])/i;
const SCRIPT = /^(?:#!|%!)/;

/** By its first bytes: a media type, 'text/plain' for what may be text; undefined for what nobody knows. */
async function detectedType(head: Buffer): Promise<string | undefined> {
  const found = await fileTypeFromBuffer(head);
  if (found) return found.mime;
  const start = head
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (/^<svg|^<\?xml[^>]*>\s*(?:<!--.*?-->\s*)*<svg/is.test(start)) return 'image/svg+xml';
  if (MARKUP.test(start)) return 'text/html';
  if (SCRIPT.test(start)) return 'text/x-script';
  return head.includes(0) ? undefined : 'text/plain';
}

/** Refuses (INVALID) a file whose first bytes are of another type than was declared. Nobody's word is taken for it, nor its name. */
export async function checkType(head: Buffer, declared: string): Promise<void> {
  const found = await detectedType(head);
  const isText = found === 'text/plain' && declared.startsWith('text/');
  if (found === declared || isText) return;
  throw contentError(`This file is not ${declared}, as was said of it, but ${found ?? 'something unknown'}.`);
}
