import { readVariableMeasureSetting } from './codes/variable-measure-setting.js';

/** What is wrong with a shop's setting for the numbers of its scales, for a person; undefined when nothing is. */
export function variableMeasureFault(setting: string): string | undefined {
  const read = readVariableMeasureSetting(setting);
  return read.ok ? undefined : read.message;
}
