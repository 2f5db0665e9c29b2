import { z } from 'zod';

/** A text of digits within these bounds. */
export function wholeNumber(min: number, max: number, fallback: number) {
  const hint = `write a whole number from ${String(min)} to ${String(max)}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, hint)
    .transform(Number)
    .refine((value) => value >= min && value <= max, hint)
    .default(fallback);
}

export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, `write one of ${values.join(', ')}`);
}
