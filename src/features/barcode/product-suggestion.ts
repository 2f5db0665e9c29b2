/** What a source knows of a product; nothing of it is trusted before `suggestionOf` has read it. */
export interface FoundProduct {
  readonly name: string;
  readonly brand?: string | undefined;
  readonly imageUrl?: string | undefined;
}

/** What is shown to people who name a code. */
export interface ProductSuggestion {
  readonly name: string;
  readonly brand: string | null;
  /** Of https only. */
  readonly imageUrl: string | null;
  /** Who says so. */
  readonly source: string;
}

export const MAX_SUGGESTED_NAME_LENGTH = 200;
const MAX_BRAND_LENGTH = 100;
const MAX_URL_LENGTH = 2_000;
/** Control and format characters (which turn text around or hide it), and all kinds of space. */
const NOT_IN_A_LINE = /[\s\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]+/gu;

/** What may be shown and kept of an answer; undefined where nothing is left of its name. */
export function suggestionOf({ name, brand, imageUrl }: FoundProduct, source: string): ProductSuggestion | undefined {
  const line = lineOf(name, MAX_SUGGESTED_NAME_LENGTH);
  if (line === null) return undefined;
  return { name: line, brand: lineOf(brand, MAX_BRAND_LENGTH), imageUrl: imageOf(imageUrl), source };
}

/** "Ace Super Maize Meal 5 kg": the brand stands before a name that does not have it. */
export function itemNameOf({ name, brand }: ProductSuggestion): string {
  const isNamed = brand === null || name.toLowerCase().includes(brand.toLowerCase());
  return isNamed ? name : (lineOf(`${brand} ${name}`, MAX_SUGGESTED_NAME_LENGTH) ?? name);
}

/** One line of at most so many characters, cut between characters; null where nothing is left. */
function lineOf(text: string | undefined, maxLength: number): string | null {
  // What is far too long is cut first: a normalisation of megabytes takes its time.
  const start = (text ?? '').slice(0, maxLength * 4).toWellFormed();
  const line = start.normalize('NFC').replace(NOT_IN_A_LINE, ' ').trim();
  let kept = '';
  for (const character of line) {
    if (kept.length + character.length > maxLength) break;
    kept += character;
  }
  return kept.trim() || null;
}

function imageOf(text: string | undefined): string | null {
  if (text === undefined || text.length > MAX_URL_LENGTH || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isPlain = url.protocol === 'https:' && url.username === '' && url.password === '' && url.href.length <= MAX_URL_LENGTH;
  return isPlain ? url.href : null;
}
