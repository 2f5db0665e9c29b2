/** What this room asks of whoever reads scale labels: whether a shop's setting for them is one. */
export interface VariableMeasurePort {
  /** What is wrong with the setting, for a person; undefined when nothing is. */
  variableMeasureFault(setting: string): string | undefined;
}
