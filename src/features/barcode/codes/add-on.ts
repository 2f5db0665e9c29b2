import { hasValidCheckDigit } from '../../../kernel/gtin.js';
import { EAN_WITH_ADD_ON } from './symbology.js';

/** A main symbol of 12 or 13 digits (8 for UPC-E), blanks, and the 2 or 5 digits of the add-on. */
const SPACED = /^(\d{8}|\d{12}|\d{13})\s+(\d{2}|\d{5})$/;
/** Without a blank only EAN-13 with an add-on (15 or 18 digits) cannot be taken for another GTIN. */
const UNSPACED = /^(\d{13})(\d{2}|\d{5})$/;
const UPC_E_LENGTH = 8;

export interface AddOnReading {
  main: string;
  addOn?: string;
}

/**
 * Takes the 2- or 5-digit add-on (of periodicals and books, GS1 General Specifications, section 5.2) off an EAN or UPC. Where nothing but the length speaks
 * for an add-on, the check digit of the main symbol must hold as well.
 */
export function readAddOn(data: string, symbology?: string): AddOnReading {
  const spaced = SPACED.exec(data);
  if (spaced?.[1] !== undefined && spaced[2] !== undefined) {
    const certain = spaced[1].length > UPC_E_LENGTH || hasValidCheckDigit(spaced[1]);
    return certain ? { main: spaced[1], addOn: spaced[2] } : { main: data };
  }
  const unspaced = UNSPACED.exec(data);
  if (unspaced?.[1] === undefined || unspaced[2] === undefined) return { main: data };
  const certain = symbology === EAN_WITH_ADD_ON || hasValidCheckDigit(unspaced[1]);
  return certain ? { main: unspaced[1], addOn: unspaced[2] } : { main: data };
}
