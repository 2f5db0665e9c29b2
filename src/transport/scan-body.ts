import type { PhotoScanRequest, ScanRequest } from './scan-door.js';

export const MAX_SCANS_PER_REQUEST = 500;

/** A body that no scan can be read from. The message is one line for the person who set the device up. */
export class ScanBodyError extends Error {
  override readonly name = 'ScanBodyError';

  constructor(
    readonly status: 400 | 413 | 415 | 422 | 503,
    message: string,
  ) {
    super(message);
  }
}

type Field = Exclude<keyof ScanRequest, 'fault'>;

/** Other names under which devices and scanner apps send a field; the first that is there counts. */
const ALIASES: Record<Field, readonly string[]> = {
  id: ['id', 'scanId'],
  code: ['code', 'content', 'barcode'],
  mode: ['mode'],
  quantity: ['quantity', 'qty'],
  location: ['location', 'loc'],
  seq: ['seq'],
  scannedAt: ['scannedAt', 'timestamp'],
};
const FIELDS = Object.keys(ALIASES) as Field[];
const FORM = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data';
const NO_TEXT = 'This is no text: send a photo as image/jpeg, image/png or image/webp';
/** Of JPEG, PNG, WebP, GIF and PDF, as they are read as UTF-8: what is none becomes U+FFFD. No code holds that. */
const NO_TEXT_BEGINS = /^(?:\uFFFD{3}|\uFFFDPNG\r\n|RIFF[^]{4,8}WEBP|GIF8[79]a|%PDF-)/;
const EXAMPLE = '{"code":"6001087340014","qty":"1"}';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Scans of a body, by its content type: JSON (one object, a list of them or of codes, or {"scans": […]}), a form (a scan for each code in
 * it), and everything else as text with one code a line. Throws ScanBodyError.
 */
export function readScans(contentType: string | undefined, body: string): ScanRequest[] {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === MULTIPART) throw formInParts();
  if (!isJson(type) && isNoText(body)) throw new ScanBodyError(415, NO_TEXT);
  const scans = isJson(type) ? fromJson(body) : ((type === FORM ? fromForm(body) : undefined) ?? fromText(body));
  if (scans.length === 0) throw new ScanBodyError(422, 'No code in the body: send one code a line, or JSON like ' + EXAMPLE);
  if (scans.length > MAX_SCANS_PER_REQUEST) {
    const limits = `${String(scans.length)} scans in one request; send at most ${String(MAX_SCANS_PER_REQUEST)} at a time`;
    throw new ScanBodyError(413, limits);
  }
  return scans;
}

/** A photo or document that was sent as something else, whose bytes would be taken for codes. */
function isNoText(body: string): boolean {
  return NO_TEXT_BEGINS.test(body) || body.includes('\0');
}

/** A form in parts is for photos; without one it is refused. */
export function formInParts(): ScanBodyError {
  return new ScanBodyError(415, `${MULTIPART} is not read here: send the form as ${FORM}, or JSON`);
}

/** What is said of a photo in its URL, or in the parts of a form beside it. Throws ScanBodyError where a code is said too. */
export function readPhotoFields(form: URLSearchParams): PhotoScanRequest {
  if (sentValues(form, 'code').length > 0) throw new ScanBodyError(422, 'Send a code or a photo of it, not both');
  const { shared, fault } = sharedFields(form);
  return { ...scanFrom(shared), ...(fault && { fault }) };
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
 * A scan for each code; the other fields apply to all of them, so each may be there once. Undefined when no field has a name that is
 * known: `curl -d CODE` sends a bare code under a form's content type, and a code may hold "=" and "&" itself.
 */
function fromForm(body: string): ScanRequest[] | undefined {
  const form = new URLSearchParams(body);
  if (!ALIASES.code.some((name) => form.has(name))) return undefined;
  const codes = sentValues(form, 'code');
  const { shared, fault: repeated } = sharedFields(form);
  const fault = shared.id !== undefined && codes.length > 1 ? 'send an id only with one code' : repeated;
  return (codes.length > 0 ? codes : ['']).map((code) => ({ ...scanFrom({ ...shared, code }), ...(fault && { fault }) }));
}

/** The fields that apply to every code of a form, each of which may be there once. */
function sharedFields(form: URLSearchParams): { shared: Fields; fault: string | undefined } {
  const sent = FIELDS.filter((field) => field !== 'code').map((field) => [field, sentValues(form, field)] as const);
  const shared = Object.fromEntries(sent.map(([field, [value]]) => [field, value]));
  const [repeated] = sent.find(([, values]) => values.length > 1) ?? [];
  return { shared, fault: repeated && `send ${repeated} only once: it applies to every code of the form` };
}

/** Under the first of the field's names that has any. */
function sentValues(form: URLSearchParams, field: Field): string[] {
  const sent = ALIASES[field].map((name) => form.getAll(name).filter((value) => value !== ''));
  return sent.find((values) => values.length > 0) ?? [];
}

function fromJson(body: string): ScanRequest[] {
  const value = parseJson(body);
  const list =
    isFields(value) && Array.isArray(value.scans)
      ? (value.scans as unknown[])
      : Array.isArray(value)
        ? (value as unknown[])
        : [value];
  return list.map((each) => {
    if (typeof each === 'string' || isWhole(each)) return { code: String(each) };
    return isFields(each) ? scanFrom(each) : { code: '', fault: `a scan is an object like ${EXAMPLE}` };
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

/** What cannot be read of one scan is its own fault, so that the scans beside it are judged all the same. */
function scanFrom(fields: Fields): ScanRequest {
  const faults: string[] = [];
  const read = <T>(field: Field, [reads, rule]: Reading<T>): T | undefined => {
    const value = valueOf(fields, field);
    const result = value === undefined ? undefined : reads(value);
    if (value !== undefined && result === undefined) faults.push(`${field} must be ${rule}`);
    return result;
  };
  const scan = {
    code: read('code', TEXT) ?? '',
    id: read('id', TEXT),
    mode: read('mode', TEXT)?.toUpperCase(),
    quantity: read('quantity', NUMBER),
    location: read('location', TEXT),
    seq: read('seq', WHOLE),
    scannedAt: read('scannedAt', INSTANT),
  };
  return faults[0] === undefined ? scan : { ...scan, fault: faults[0] };
}

/** How a field is read, undefined for what it cannot be; and what it must be, in words. */
type Reading<T> = readonly [read: (value: unknown) => T | undefined, rule: string];

const TEXT: Reading<string> = [
  (value) => (typeof value === 'string' ? value : isWhole(value) ? String(value) : undefined),
  'a text',
];
/** A JSON number goes on as its digits: 1.5 is exactly that, and one with too many digits is refused as such a text is. */
const NUMBER: Reading<string> = [
  (value) => (typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : undefined),
  'a number',
];
const WHOLE: Reading<number> = [
  (value) => {
    const number = typeof value === 'string' ? Number(value) : value;
    return isWhole(number) ? number : undefined;
  },
  'a whole number',
];
const INSTANT: Reading<string | number> = [
  (value) => (typeof value === 'number' || typeof value === 'string' ? value : undefined),
  'RFC 3339, or seconds or milliseconds since 1970',
];

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function valueOf(fields: Fields, field: Field): unknown {
  const name = ALIASES[field].find((alias) => Object.hasOwn(fields, alias) && fields[alias] !== null && fields[alias] !== '');
  return name === undefined ? undefined : fields[name];
}
