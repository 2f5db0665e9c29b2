import type { ScanRequest } from './scan-door.js';

export const MAX_SCANS_PER_REQUEST = 500;

/** A body that no scan can be read from. The message is one line for the person who set the device up. */
export class ScanBodyError extends Error {
  override readonly name = 'ScanBodyError';

  constructor(
    readonly status: 400 | 413 | 422,
    message: string,
  ) {
    super(message);
  }
}

/** Other names under which devices and scanner apps send a field; the first that is there counts. */
const ALIASES: Record<keyof ScanRequest, readonly string[]> = {
  id: ['id', 'scanId'],
  code: ['code', 'content', 'barcode'],
  mode: ['mode'],
  quantity: ['quantity', 'qty'],
  location: ['location', 'loc'],
  seq: ['seq'],
  scannedAt: ['scannedAt', 'timestamp'],
};
const FORM = 'application/x-www-form-urlencoded';
const EXAMPLE = '{"code":"6001087340014","qty":"1"}';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Scans of a body, by its content type: JSON (one object, a list of them or of codes, or {"scans": […]}), a form, and everything else as
 * text with one code a line. Throws ScanBodyError.
 */
export function readScans(contentType: string | undefined, body: string): ScanRequest[] {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const scans = isJson(type) ? fromJson(body) : ((type === FORM ? fromForm(body) : undefined) ?? fromText(body));
  if (scans.length === 0) throw new ScanBodyError(422, 'No code in the body: send one code a line, or JSON like ' + EXAMPLE);
  if (scans.length > MAX_SCANS_PER_REQUEST) {
    const limits = `${String(scans.length)} scans in one request; send at most ${String(MAX_SCANS_PER_REQUEST)} at a time`;
    throw new ScanBodyError(413, limits);
  }
  return scans;
}

function isJson(type: string): boolean {
  return type === 'application/json' || type.endsWith('+json') || type === 'text/json';
}

function fromText(body: string): ScanRequest[] {
  return body
    .split(/\r\n|\n|\r/)
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '')
    .map((code) => ({ code }));
}

/**
 * Undefined when no field has a name that is known: `curl -d CODE` sends a bare code under a form's content type, and a code may hold
 * "=" and "&" itself.
 */
function fromForm(body: string): ScanRequest[] | undefined {
  const fields = Object.fromEntries(new URLSearchParams(body));
  return ALIASES.code.some((name) => Object.hasOwn(fields, name)) ? [scanFrom(fields, '')] : undefined;
}

function fromJson(body: string): ScanRequest[] {
  const value = parseJson(body);
  const list =
    isFields(value) && Array.isArray(value.scans)
      ? (value.scans as unknown[])
      : Array.isArray(value)
        ? (value as unknown[])
        : [value];
  return list.map((each, index) => {
    const where = list.length > 1 ? `scan ${String(index + 1)}: ` : '';
    if (typeof each === 'string' || isWhole(each)) return { code: String(each) };
    if (isFields(each)) return scanFrom(each, where);
    throw new ScanBodyError(422, `${where}a scan is an object like ${EXAMPLE}`);
  });
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw new ScanBodyError(400, `The body is not valid JSON: send an object like ${EXAMPLE}, or plain text as text/plain`);
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function scanFrom(fields: Fields, where: string): ScanRequest {
  const code = textOf(fields, 'code', where);
  if (code === undefined || code.trim() === '') throw new ScanBodyError(422, `${where}no code: send an object like ${EXAMPLE}`);
  return {
    code,
    id: textOf(fields, 'id', where),
    mode: textOf(fields, 'mode', where)?.toUpperCase(),
    quantity: quantityOf(fields, where),
    location: textOf(fields, 'location', where),
    seq: seqOf(fields, where),
    scannedAt: instantOf(fields, where),
  };
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function valueOf(fields: Fields, field: keyof ScanRequest): unknown {
  const name = ALIASES[field].find((alias) => Object.hasOwn(fields, alias) && fields[alias] !== null && fields[alias] !== '');
  return name === undefined ? undefined : fields[name];
}

function textOf(fields: Fields, field: keyof ScanRequest, where: string): string | undefined {
  const value = valueOf(fields, field);
  if (value === undefined || typeof value === 'string') return value;
  if (isWhole(value)) return String(value);
  throw new ScanBodyError(422, `${where}${field} must be a text`);
}

/** A JSON number with a fraction is not exact, so it is refused here as it is in GraphQL. */
function quantityOf(fields: Fields, where: string): string | undefined {
  const value = valueOf(fields, 'quantity');
  if (value === undefined || typeof value === 'string') return value?.trim();
  if (isWhole(value)) return String(value);
  throw new ScanBodyError(422, `${where}quantity must be a whole number or a text like "1.5"`);
}

function seqOf(fields: Fields, where: string): number | undefined {
  const value = valueOf(fields, 'seq');
  if (value === undefined) return undefined;
  const seq = typeof value === 'string' ? Number(value) : value;
  if (isWhole(seq)) return seq;
  throw new ScanBodyError(422, `${where}seq must be a whole number`);
}

function instantOf(fields: Fields, where: string): string | number | undefined {
  const value = valueOf(fields, 'scannedAt');
  if (value === undefined || typeof value === 'number' || typeof value === 'string') return value;
  throw new ScanBodyError(422, `${where}scannedAt must be RFC 3339, or seconds or milliseconds since 1970`);
}
