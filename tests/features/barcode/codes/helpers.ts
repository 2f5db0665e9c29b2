import { parseCode, type ReadCode } from '../../../../src/features/barcode/codes/parse-code.js';
import { readVariableMeasureSetting } from '../../../../src/features/barcode/codes/variable-measure-setting.js';

export const CURRENT_YEAR = 2026;

/** The reading of a code that must be one, in a shop with this setting for scales. */
export function read(code: string, setting = 'NONE'): ReadCode {
  const variableMeasure = readVariableMeasureSetting(setting);
  if (!variableMeasure.ok) throw new Error(variableMeasure.message);
  const reading = parseCode(code, { variableMeasure: variableMeasure.layouts, currentYear: CURRENT_YEAR });
  if (!reading.ok) throw new Error(reading.message);
  return reading;
}

/** The message of a code that is rejected in a shop that does not know it; undefined when it is parked. */
export function rejection(code: string, setting = 'NONE'): string | undefined {
  const variableMeasure = readVariableMeasureSetting(setting);
  if (!variableMeasure.ok) throw new Error(variableMeasure.message);
  const reading = parseCode(code, { variableMeasure: variableMeasure.layouts, currentYear: CURRENT_YEAR });
  return reading.ok ? reading.unresolvedRejection?.message : reading.message;
}
