import type { ApplicationIdentifier, Component, ContentCheck } from './gs1-application-identifiers.js';
import { hasValidCheckDigit } from '../../../kernel/gtin.js';
import { readGs1Date } from './gs1-date.js';

/** One application identifier with its value. */
export interface Gs1Element {
  ai: string;
  value: string;
}

export type Gs1Elements = { ok: true; elements: Gs1Element[] } | { ok: false; message: string };

const CHARSETS = {
  N: /^\d*$/,
  /**
   * Every printable character of ASCII. The standard's character set 82 is narrower, but real labels carry blanks and signs in lot
   * numbers, and a till gains nothing by refusing what it could read.
   */
  X: /^[\x20-\x7e]*$/,
};

const LAST_HOUR = 23;
const LAST_MINUTE = 59;

/** What is wrong with a value for its application identifier, as one sentence, or undefined. */
export function elementFault(identifier: ApplicationIdentifier, value: string, currentYear: number): string | undefined {
  if (value === '') return `AI ${identifier.ai} has no value: scan the code again.`;
  const parts = splitComponents(identifier, value);
  if (parts === undefined) {
    return `The value of AI ${identifier.ai} does not have the form that GS1 sets for it: scan the code again.`;
  }
  for (const { component, text } of parts) {
    if (component.check === undefined || contentHolds(component.check, text, currentYear)) continue;
    return contentMessage(identifier.ai, component.check, text);
  }
  return undefined;
}

/** Whether a value has the length and characters that its AI sets, whatever its check digits and dates. */
export function hasElementForm(identifier: ApplicationIdentifier, value: string): boolean {
  return splitComponents(identifier, value) !== undefined;
}

function splitComponents(identifier: ApplicationIdentifier, value: string): { component: Component; text: string }[] | undefined {
  const parts: { component: Component; text: string }[] = [];
  let position = 0;
  for (const component of identifier.components) {
    if (position === value.length && component.optional) continue;
    const text = value.slice(position, position + component.maxLength);
    if (text.length < component.minLength || !CHARSETS[component.charset].test(text)) return undefined;
    parts.push({ component, text });
    position += text.length;
  }
  return position === value.length ? parts : undefined;
}

function contentHolds(check: ContentCheck, text: string, currentYear: number): boolean {
  switch (check) {
    case 'csum':
      return hasValidCheckDigit(text);
    case 'date0':
      return readGs1Date(text, currentYear) !== undefined;
    case 'date':
      return !text.endsWith('00') && readGs1Date(text, currentYear) !== undefined;
    case 'hour':
      return Number(text) <= LAST_HOUR;
    case 'minute':
      return Number(text) <= LAST_MINUTE;
    case 'hourMinute':
      return Number(text.slice(0, 2)) <= LAST_HOUR && Number(text.slice(2)) <= LAST_MINUTE;
  }
}

function contentMessage(ai: string, check: ContentCheck, text: string): string {
  if (check === 'csum') return `The check digit of ${text} in AI ${ai} is wrong: scan the code again.`;
  if (check === 'date' || check === 'date0') return `${text} in AI ${ai} is no date (YYMMDD): correct the label.`;
  return `${text} in AI ${ai} is no time of day: correct the label.`;
}
