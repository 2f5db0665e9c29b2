import { findApplicationIdentifier } from './gs1-application-identifiers.js';
import { elementFault, hasElementForm, type Gs1Element, type Gs1Elements } from './gs1-element.js';

const BRACKETED_AI = /(?<!\\)\((\d{2,4})\)/g;
const ESCAPED_BRACKET = /\\\(/g;

/** The keys of units; text that begins with one of them in brackets is meant as a GS1 message, however wrong it goes on. */
const UNIT_KEYS: ReadonlySet<string> = new Set(['00', '01', '02']);

/**
 * Whether `data` is a GS1 message in brackets: its first bracket opens a unit's key, or another application identifier with a value of
 * its form. `(12) rolls` is a shop's own text, no due date.
 */
export function isBracketed(data: string): boolean {
  const [first] = openings(data);
  const identifier = first?.at === 0 ? findApplicationIdentifier(first.ai) : undefined;
  if (first === undefined || identifier === undefined) return false;
  return UNIT_KEYS.has(first.ai) || hasElementForm(identifier, valueOf(data, first));
}

/**
 * Reads the form that is printed beside a symbol (General Specifications, section 4.14): `(01)06001087340014(10)LOT42`. A bracket that
 * opens no application identifier belongs to the value, and so does one behind a backslash. Blanks around a value are layout.
 */
export function parseBracketed(data: string, currentYear: number): Gs1Elements {
  const elements: Gs1Element[] = [];
  for (const opening of openings(data)) {
    const identifier = findApplicationIdentifier(opening.ai);
    if (identifier === undefined) continue;
    const value = valueOf(data, opening);
    const fault = elementFault(identifier, value, currentYear);
    if (fault !== undefined) return { ok: false, message: fault };
    elements.push({ ai: opening.ai, value });
  }
  return { ok: true, elements };
}

interface Opening {
  ai: string;
  at: number;
  start: number;
  end: number;
}

function openings(data: string): Opening[] {
  const found = [...data.matchAll(BRACKETED_AI)]
    .map((match) => ({ ai: match[1] ?? '', at: match.index, start: match.index + match[0].length }))
    .filter(({ ai }) => findApplicationIdentifier(ai) !== undefined);
  return found.map((opening, index) => ({ ...opening, end: found[index + 1]?.at ?? data.length }));
}

function valueOf(data: string, { start, end }: Opening): string {
  return data.slice(start, end).trim().replace(ESCAPED_BRACKET, '(');
}
