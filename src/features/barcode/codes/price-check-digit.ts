/**
 * The verifier digit of a price or weight of four or five digits in a variable-measure number (GS1 General Specifications, section
 * 7.9.3). Each table gives what a digit weighs at one weighting factor.
 */
const TWO_MINUS = '0246891357';
const THREE = '0369258147';
const FIVE_PLUS = '0516273849';
const FIVE_MINUS = '0594837261';

const FOUR_DIGIT_WEIGHTS: readonly string[] = [TWO_MINUS, TWO_MINUS, THREE, FIVE_MINUS];
const FIVE_DIGIT_WEIGHTS: readonly string[] = [FIVE_PLUS, TWO_MINUS, FIVE_MINUS, FIVE_PLUS, TWO_MINUS];
const FOUR_DIGIT_FACTOR = 3;
const MODULUS = 10;

/** The verifier digit of four or five digits; undefined for any other number of them. */
export function priceCheckDigit(digits: string): string | undefined {
  if (digits.length === FOUR_DIGIT_WEIGHTS.length)
    return String((weigh(digits, FOUR_DIGIT_WEIGHTS) * FOUR_DIGIT_FACTOR) % MODULUS);
  if (digits.length !== FIVE_DIGIT_WEIGHTS.length) return undefined;
  const rest = (MODULUS - (weigh(digits, FIVE_DIGIT_WEIGHTS) % MODULUS)) % MODULUS;
  return String(FIVE_MINUS.indexOf(String(rest)));
}

function weigh(digits: string, weights: readonly string[]): number {
  return weights.reduce((sum, table, position) => sum + Number(table[Number(digits[position])]), 0);
}
