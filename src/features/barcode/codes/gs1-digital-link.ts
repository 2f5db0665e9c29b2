import { findApplicationIdentifier } from './gs1-application-identifiers.js';
import { elementFault, hasElementForm, type Gs1Element, type Gs1Elements } from './gs1-element.js';
import { isGtinLike, toGtin14 } from '../../../kernel/gtin.js';

const WEB_URI = /^https?:\/\/[^/?#\s]+(\/[^?#]*)(?:\?([^#]*))?(?:#.*)?$/is;
const GTIN_AI = '01';
/** The identification keys that can lead a Digital Link (GS1 Digital Link Standard: URI Syntax, section 4.3). */
const PRIMARY_KEYS: ReadonlySet<string> = new Set([
  '00',
  GTIN_AI,
  '253',
  '255',
  '401',
  '402',
  '414',
  '415',
  '417',
  '8003',
  '8004',
  '8006',
  '8010',
  '8013',
  '8017',
  '8018',
]);
/** Names that version 1.1 of the standard allowed in place of the identifiers; they are still printed. */
const ALPHABETIC_NAMES: ReadonlyMap<string, string> = new Map([
  ['gtin', GTIN_AI],
  ['cpv', '22'],
  ['lot', '10'],
  ['ser', '21'],
  ['sscc', '00'],
]);
const TRAILING_SLASH = /\/$/;

interface LinkPath {
  key: Gs1Element;
  qualifiers: Gs1Element[];
}

/**
 * Reads a GS1 Digital Link URI of any domain and stem: key, qualifiers and data attributes, percent-decoded. Undefined when the text is
 * no such link, a plain web address among them; a fault when it is one and a value in it is wrong. GTINs of 8, 12 or 13 digits, which
 * version 1.1 allowed, are read as 14.
 */
export function parseDigitalLink(text: string, currentYear: number): Gs1Elements | undefined {
  const [, path, query] = WEB_URI.exec(text) ?? [];
  if (path === undefined) return undefined;
  const link = findLinkPath(path.replace(TRAILING_SLASH, '').split('/').slice(1));
  const attributes = readAttributes(query ?? '');
  if (link === undefined || attributes === undefined) return undefined;
  const elements = [link.key, ...link.qualifiers, ...attributes];
  for (const { ai, value } of elements) {
    const identifier = findApplicationIdentifier(ai);
    const fault = identifier === undefined ? undefined : elementFault(identifier, value, currentYear);
    if (fault !== undefined) return { ok: false, message: fault };
  }
  return { ok: true, elements };
}

/** The first place in the path from which on it is a key with a value of its form, and pairs of identifier and value to the end. */
function findLinkPath(segments: string[]): LinkPath | undefined {
  for (let first = 0; first + 1 < segments.length; first++) {
    if ((segments.length - first) % 2 !== 0) continue;
    const ai = toIdentifier(segments[first] ?? '');
    if (ai === undefined || !PRIMARY_KEYS.has(ai)) continue;
    const [key] = readPairs(segments.slice(first, first + 2)) ?? [];
    if (key === undefined || !isKeyValue(key)) continue;
    const qualifiers = readPairs(segments.slice(first + 2));
    if (qualifiers !== undefined) return { key, qualifiers };
  }
  return undefined;
}

function readPairs(segments: string[]): Gs1Element[] | undefined {
  const pairs: Gs1Element[] = [];
  for (let index = 0; index < segments.length; index += 2) {
    const ai = toIdentifier(segments[index] ?? '');
    const value = decode(segments[index + 1] ?? '');
    if (ai === undefined || value === undefined) return undefined;
    pairs.push({ ai, value: ai === GTIN_AI && isGtinLike(value) ? toGtin14(value) : value });
  }
  return pairs;
}

/** The attributes that are application identifiers; others, such as linkType, are the web's. Undefined when one cannot be decoded. */
function readAttributes(query: string): Gs1Element[] | undefined {
  const attributes: Gs1Element[] = [];
  for (const pair of query.split(/[&;]/)) {
    const equals = pair.indexOf('=');
    const ai = pair.slice(0, Math.max(equals, 0));
    if (findApplicationIdentifier(ai) === undefined) continue;
    const value = decode(pair.slice(equals + 1));
    if (value === undefined) return undefined;
    attributes.push({ ai, value });
  }
  return attributes;
}

function isKeyValue({ ai, value }: Gs1Element): boolean {
  const identifier = findApplicationIdentifier(ai);
  return identifier !== undefined && hasElementForm(identifier, value);
}

function toIdentifier(segment: string): string | undefined {
  const ai = ALPHABETIC_NAMES.get(segment) ?? segment;
  return findApplicationIdentifier(ai)?.ai;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
