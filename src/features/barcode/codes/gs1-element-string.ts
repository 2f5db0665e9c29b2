import { applicationIdentifierAt } from './gs1-application-identifiers.js';
import { elementFault, type Gs1Element, type Gs1Elements } from './gs1-element.js';

const GROUP_SEPARATOR = '\x1d';
/** What stands for FNC1: the character that scanners send, and what some type in its place; the first that occurs is the one. */
const FNC1_FORMS: readonly string[] = [GROUP_SEPARATOR, '<GS>', '^'];
const TYPED_FNC1_FORMS = /^(?:<GS>|\^)+(?=\d\d|$)/;
const KEY_FIRST = /^0[0-2]/;

/** The data behind a leading FNC1, or undefined when it has none. A typed form counts only before digits, or before nothing at all. */
export function afterLeadingFnc1(data: string): string | undefined {
  if (data.startsWith(GROUP_SEPARATOR)) {
    let start = 1;
    while (data[start] === GROUP_SEPARATOR) start += 1;
    return data.slice(start);
  }
  const typed = TYPED_FNC1_FORMS.exec(data)?.[0];
  return typed === undefined ? undefined : data.slice(typed.length);
}

/** The FNC1 form in use, told from the whole data with what led it. */
export function separatorOf(data: string): string {
  return FNC1_FORMS.find((form) => data.includes(form)) ?? GROUP_SEPARATOR;
}

/**
 * Reads an element string (General Specifications, section 7.8): values of predefined length follow one another, any other ends with
 * FNC1 or the data. FNC1 behind a predefined length, doubled or at the end is let pass, as section 7.8.6 asks.
 */
export function parseElementString(data: string, separator: string, currentYear: number): Gs1Elements {
  const text = data.replaceAll(separator, GROUP_SEPARATOR);
  const elements: Gs1Element[] = [];
  let position = 0;
  while (position < text.length) {
    if (text[position] === GROUP_SEPARATOR) {
      position += 1;
      continue;
    }
    const identifier = applicationIdentifierAt(text, position);
    if (identifier === undefined) return { ok: false, message: unknownIdentifier(position) };
    const start = position + identifier.ai.length;
    const ended = text.indexOf(GROUP_SEPARATOR, start);
    const limit = ended === -1 ? text.length : ended;
    const end = identifier.predefinedLength === undefined ? limit : Math.min(limit, start + identifier.predefinedLength);
    const value = text.slice(start, end);
    const fault = elementFault(identifier, value, currentYear);
    if (fault !== undefined) return { ok: false, message: fault };
    elements.push({ ai: identifier.ai, value });
    position = end;
  }
  if (elements.length === 0) return { ok: false, message: 'The code ends before its data: scan it again.' };
  return { ok: true, elements };
}

/**
 * Reads data that may be an element string whose FNC1 the scanner kept to itself. Only what cannot well be anything else is one: it
 * holds a group separator, or begins with the key of a unit; and every element of it is right. Undefined otherwise: plain text.
 */
export function parseBareElementString(data: string, currentYear: number): Gs1Element[] | undefined {
  if (!KEY_FIRST.test(data) && !data.includes(GROUP_SEPARATOR)) return undefined;
  const parsed = parseElementString(data, separatorOf(data), currentYear);
  return parsed.ok ? parsed.elements : undefined;
}

function unknownIdentifier(position: number): string {
  return `There is no application identifier at character ${String(position + 1)} of the data: scan the code again.`;
}
