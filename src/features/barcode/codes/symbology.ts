/**
 * Symbology identifiers (ISO/IEC 15424): `]`, the symbology's letter and a modifier, which a scanner can be set to send before the
 * data. Only letters that are assigned count, so that a shop's own code may begin with a bracket.
 */
const AIM_PREFIX = /^\][A-VXZcdehopsz][0-9A-F]/;

/** GS1-128, GS1 DataMatrix, GS1 QR, GS1 DotCode, GS1 DataBar and composites: the data is an element string. */
const ELEMENT_STRING_PREFIXES: ReadonlySet<string> = new Set([']C1', ']d2', ']Q3', ']J1', ']e0', ']e1', ']e2']);

/** EAN/UPC with the add-on behind it in one packet. */
export const EAN_WITH_ADD_ON = ']E3';
export const EAN_8 = ']E4';

export interface SymbologyReading {
  /** Such as `]C1`; undefined when the scanner sent none. */
  symbology?: string;
  data: string;
  /** Whether the symbol itself said (by FNC1 in first position) that its data is a GS1 element string. */
  isElementString: boolean;
}

/** Takes the symbology identifier off, where there is one. */
export function readSymbology(text: string): SymbologyReading {
  const symbology = AIM_PREFIX.exec(text)?.[0];
  if (symbology === undefined) return { data: text, isElementString: false };
  return { symbology, data: text.slice(symbology.length), isElementString: ELEMENT_STRING_PREFIXES.has(symbology) };
}

/** Whether data means something else without its symbology identifier: a GS1 message, an add-on, an EAN-8 that could be a UPC-E, a code that begins like one. */
export function needsSymbology(symbology: string, data: string): boolean {
  const tells = ELEMENT_STRING_PREFIXES.has(symbology) || symbology === EAN_WITH_ADD_ON || symbology === EAN_8;
  return tells || AIM_PREFIX.test(data);
}
