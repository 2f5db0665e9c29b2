import { readAddOn } from './add-on.js';
import { checkDigitMessage, gtinReadings, storedText, textFault } from '../../../kernel/barcode-value.js';
import { isBracketed, parseBracketed } from './gs1-bracketed.js';
import { parseDigitalLink } from './gs1-digital-link.js';
import type { Gs1Elements } from './gs1-element.js';
import { afterLeadingFnc1, parseBareElementString, parseElementString, separatorOf } from './gs1-element-string.js';
import { readGs1Message, type ParsedCode } from './gs1-message.js';
import { isGtinLike } from '../../../kernel/gtin.js';
import { EAN_8, readSymbology } from './symbology.js';
import { readVariableMeasure, type VariableMeasure, type VariableMeasureLayout } from './variable-measure.js';

export interface ParseOptions {
  /** The shop's layouts; none where prefixes 20 to 29 are numbers like any other. */
  variableMeasure: readonly VariableMeasureLayout[];
  /** Four digits; the century of two-digit years is told from it. */
  currentYear: number;
}

/** A code that can be looked up. */
export interface ReadCode {
  ok: true;
  /** As it came, trimmed. */
  raw: string;
  /** Without symbology identifier, leading FNC1 and add-on. */
  code: string;
  parsed: ParsedCode;
  /** Stored barcode values to look up; the first that is known is the answer. The shop's own exact code stands first. */
  candidates: readonly string[];
  /** The stored value under which the code is parked and, once named, registered, so that the next lot or weight is known too. */
  key: string;
  /** What a scale's number carries. Price and weight count only where the match is one of `variableMeasure.candidates`. */
  variableMeasure?: VariableMeasure;
  /** The code is rejected with this message, unless a candidate is known. */
  unresolvedRejection?: { message: string };
}

/** A code that is rejected whatever the shop knows. */
export interface RefusedCode {
  ok: false;
  message: string;
}

export type CodeReading = ReadCode | RefusedCode;

/** The text of a scan in the parts that every way of reading it needs. */
interface ScannedText {
  raw: string;
  symbology?: string;
  data: string;
}

/**
 * Says what a scanned or typed code means: EAN-13, EAN-8, UPC-A, UPC-E and ITF-14 with or without add-on, GS1 element strings (with
 * FNC1, in brackets or bare), GS1 Digital Links, numbers of a scale, and any other text. Never throws; looks nothing up.
 */
export function parseCode(raw: string, options: ParseOptions): CodeReading {
  const text = raw.trim();
  const fault = textFault(text);
  if (fault !== undefined) return { ok: false, message: fault };
  const { symbology, data: untrimmed, isElementString } = readSymbology(text);
  const scanned: ScannedText = { raw: text, symbology, data: untrimmed.trim() };
  if (scanned.data === '') return rejected(scanned, scanned.raw, 'The code ends before its data: scan it again.');
  const elements = readElements(scanned.data, isElementString, options.currentYear);
  return elements === undefined ? readNumberOrText(scanned, options) : readMessage(scanned, elements, options.currentYear);
}

/** The GS1 elements of the data, or undefined when it is no GS1 message. */
function readElements(data: string, isElementString: boolean, currentYear: number): Gs1Elements | undefined {
  const link = parseDigitalLink(data, currentYear);
  if (link !== undefined) return link;
  const behindFnc1 = afterLeadingFnc1(data);
  const message = behindFnc1 ?? data;
  if (isBracketed(message)) return parseBracketed(message, currentYear);
  if (isElementString || behindFnc1 !== undefined) return parseElementString(message, separatorOf(data), currentYear);
  const elements = parseBareElementString(data, currentYear);
  return elements === undefined ? undefined : { ok: true, elements };
}

function readMessage(scanned: ScannedText, elements: Gs1Elements, currentYear: number): ReadCode {
  const behindFnc1 = afterLeadingFnc1(scanned.data) ?? '';
  const code = behindFnc1 === '' ? scanned.data : behindFnc1;
  const message = elements.ok ? readGs1Message(elements.elements, currentYear) : elements;
  if (!message.ok) return rejected(scanned, code, message.message);
  const { gtin, sscc } = message.parsed;
  const keys = [gtin, sscc].filter((key) => key !== undefined);
  return reading(scanned, code, { parsed: message.parsed, keys });
}

function readNumberOrText(scanned: ScannedText, { variableMeasure: layouts }: ParseOptions): ReadCode {
  const { main, addOn } = readAddOn(scanned.data, scanned.symbology);
  const parsed: ParsedCode = addOn === undefined ? {} : { addOn };
  if (!isGtinLike(main)) return reading(scanned, main, { parsed, keys: [] });
  const gtins = gtinReadings(main, scanned.symbology === EAN_8);
  const [gtin] = gtins;
  if (gtin === undefined) return rejected(scanned, main, checkDigitMessage(main));
  const measured = readVariableMeasure(gtin, layouts);
  if (measured === undefined) return reading(scanned, main, { parsed: { gtin, ...parsed }, keys: gtins });
  if (!measured.ok) return rejected(scanned, main, measured.message, gtins);
  return readMeasured(scanned, main, { parsed: { gtin, ...parsed }, gtins, measure: measured.measure });
}

function readMeasured(
  scanned: ScannedText,
  code: string,
  { parsed, gtins, measure }: { parsed: ParsedCode; gtins: readonly string[]; measure: VariableMeasure },
): ReadCode {
  const { weightKg, price } = measure;
  if (weightKg !== undefined) parsed.weightKg = weightKg;
  if (price !== undefined) parsed.price = { amount: price };
  const read = reading(scanned, code, { parsed, keys: [...gtins, ...measure.candidates] });
  return { ...read, key: measure.candidates[0] ?? read.key, variableMeasure: measure };
}

function reading(scanned: ScannedText, code: string, found: { parsed: ParsedCode; keys: readonly string[] }): ReadCode {
  const own = [scanned.raw, scanned.data, code].map(storedText);
  const candidates = [...new Set([...own, ...found.keys])];
  const { symbology } = scanned;
  const parsed = symbology === undefined ? found.parsed : { symbology, ...found.parsed };
  return { ok: true, raw: scanned.raw, code, parsed, candidates, key: found.keys[0] ?? storedText(code) };
}

function rejected(scanned: ScannedText, code: string, message: string, keys: readonly string[] = []): ReadCode {
  const read = reading(scanned, code, { parsed: {}, keys });
  return { ...read, candidates: read.candidates.filter((candidate) => candidate !== ''), unresolvedRejection: { message } };
}
