import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { Decimal } from 'decimal.js';
import { inspect } from 'node:util';
import { formatQuantity, parseQuantity, quantity, type Quantity } from '../kernel/quantity.js';
import { parseCalendarDay, parseInstant } from './instant.js';

const DECIMAL_RULE =
  'an exact decimal with at most 6 fraction digits and 14 before the point, as a string like "12.5" or an integer';
const DATE_TIME_RULE = 'an RFC 3339 instant with an offset, like "2026-11-22T13:30:00Z"';
const DATE_RULE = 'a calendar day, like "2027-03-31"';
const MAX_SHOWN_CHARACTERS = 60;

function refuse(scalar: string, rule: string, value: unknown, node?: ValueNode): never {
  const shown = inspect(value).slice(0, MAX_SHOWN_CHARACTERS);
  throw new GraphQLError(`${scalar} must be ${rule}; got ${shown}.`, { nodes: node, extensions: { code: 'BAD_USER_INPUT' } });
}

function decimalFrom(value: unknown, node?: ValueNode): Quantity {
  const text = Number.isSafeInteger(value) ? String(value) : value;
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    refuse('Decimal', `${DECIMAL_RULE}: a float is refused because it is not exact`, value, node);
  }
  return (typeof text === 'string' ? parseQuantity(text) : undefined) ?? refuse('Decimal', DECIMAL_RULE, value, node);
}

function instantFrom(value: unknown, node?: ValueNode): Date {
  return (typeof value === 'string' ? parseInstant(value) : undefined) ?? refuse('DateTime', DATE_TIME_RULE, value, node);
}

function dayFrom(value: unknown, node?: ValueNode): string {
  return (typeof value === 'string' ? parseCalendarDay(value) : undefined) ?? refuse('Date', DATE_RULE, value, node);
}

/** Resolvers receive a Quantity, and may return a Quantity or the text of a numeric column. */
export const DecimalScalar = new GraphQLScalarType<Quantity, string>({
  name: 'Decimal',
  description:
    'Exact decimal as a string, at most 6 fraction digits, e.g. "12.5". A JSON integer is accepted as input; a float is refused.',
  serialize(value) {
    if (typeof value === 'string' || Decimal.isDecimal(value)) return formatQuantity(quantity(value));
    throw new TypeError('Decimal: a resolver returned neither a Quantity nor a numeric text.');
  },
  parseValue: (value) => decimalFrom(value),
  parseLiteral(node) {
    if (node.kind === Kind.STRING || node.kind === Kind.INT) return decimalFrom(node.value, node);
    if (node.kind === Kind.FLOAT) refuse('Decimal', `${DECIMAL_RULE}: write a fraction as a string`, node.value, node);
    return refuse('Decimal', DECIMAL_RULE, node.kind, node);
  },
});

/** Resolvers receive and return a Date (milliseconds); it goes out in UTC. */
export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'RFC 3339 instant with an offset, e.g. 2026-11-22T13:30:00Z.',
  serialize(value) {
    if (value instanceof Date) return value.toISOString();
    throw new TypeError('DateTime: a resolver returned no Date.');
  },
  parseValue: (value) => instantFrom(value),
  parseLiteral: (node) => instantFrom(node.kind === Kind.STRING ? node.value : node.kind, node),
});

/** Resolvers receive and return the text YYYY-MM-DD: a day has no time zone, so it is never a Date. */
export const DateScalar = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: 'Calendar day, e.g. 2027-03-31.',
  serialize(value) {
    const day = typeof value === 'string' ? parseCalendarDay(value) : undefined;
    if (day !== undefined) return day;
    throw new TypeError('Date: a resolver returned no YYYY-MM-DD text.');
  },
  parseValue: (value) => dayFrom(value),
  parseLiteral: (node) => dayFrom(node.kind === Kind.STRING ? node.value : node.kind, node),
});
