import { MIMEType } from 'node:util';
import type { FastifyRequest } from 'fastify';
import { formInParts, readPhotoFields, ScanBodyError } from './scan-body.js';
import type { PhotoRefusal, PhotoScanRequest, PhotoVerdict, ScanVerdict } from './scan-door.js';

export interface SentPhoto {
  readonly image: Uint8Array;
  readonly said: PhotoScanRequest;
}

/** Any image: what it really is its bytes say. */
export const IMAGE_TYPES = /^image\//;
export const FORM_IN_PARTS = 'multipart/form-data';
const PHOTO = /^\s*(image\/|multipart\/form-data)/i;

/** A photo and each of its fields, with some that are not known here. */
const MAX_PARTS = 20;

const STATUS: Readonly<Record<PhotoRefusal, ScanBodyError['status']>> = {
  NO_CODE: 422,
  NOT_AN_IMAGE: 415,
  DAMAGED: 422,
  TOO_LARGE: 413,
  TOO_SLOW: 422,
  BUSY: 503,
};

/** Whether the request says that it brings a photo, by itself or in a form. */
export function bringsPhoto({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return PHOTO.test(headers['content-type'] ?? '');
}

/** The photo and what is said of it, in the query of the URL or beside it in the form. Throws ScanBodyError. */
export async function readPhoto({ headers, body, url }: Pick<FastifyRequest, 'headers' | 'body' | 'url'>): Promise<SentPhoto> {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  const query = new URL(url, 'http://localhost').searchParams;
  const type = headers['content-type'] ?? '';
  const { image, fields } = type.trim().toLowerCase().startsWith('image/')
    ? { image: bytes, fields: query }
    : await readForm(type, bytes, query);
  if (image.length === 0) throw new ScanBodyError(422, 'The photo is empty: send it again');
  return { image, said: readPhotoFields(fields) };
}

/**
 * Refuses a form of more than MAX_PARTS before it is taken apart, which takes long and lets nobody else in meanwhile. Counts the lines between parts as its
 * reader finds them; without a boundary there is no form.
 */
function checkParts(type: string, bytes: Buffer): void {
  const boundary = boundaryOf(type);
  if (boundary === null || boundary === '') throw formInParts();
  const line = `--${boundary}`;
  let at = bytes.indexOf(line);
  // The last of them ends the form.
  for (let parts = 0; at >= 0; parts += 1, at = bytes.indexOf(line, at + line.length)) {
    if (parts > MAX_PARTS)
      throw new ScanBodyError(422, `The form has more than ${String(MAX_PARTS)} parts: send the photo and its fields`);
  }
}

/** As the form's reader understands it, whatever stands in quotes beside it. */
function boundaryOf(type: string): string | null {
  try {
    return new MIMEType(type).params.get('boundary');
  } catch {
    throw formInParts();
  }
}

/** The one file of a form in parts, and its other fields behind those of the URL. */
async function readForm(type: string, bytes: Buffer, query: URLSearchParams) {
  checkParts(type, bytes);
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData().catch(() => {
    throw formInParts();
  });
  const fields = new URLSearchParams(query);
  const files: File[] = [];
  for (const [name, value] of form) {
    if (typeof value === 'string') fields.append(name, value);
    else files.push(value);
  }
  const [file, ...others] = files;
  if (!file) throw formInParts();
  if (others.length > 0) throw new ScanBodyError(422, 'Send one photo at a time');
  return { image: new Uint8Array(await file.arrayBuffer()), fields };
}

/** Throws ScanBodyError where the photo was refused. */
export function verdictsOf(verdict: PhotoVerdict): ScanVerdict[] {
  if (verdict.ok) return verdict.verdicts;
  throw new ScanBodyError(STATUS[verdict.refusal], verdict.message);
}
